using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Expressions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows;

/// <summary>What a running activity sees of its run: inputs, outputs, variables, services, journal.</summary>
/// <remarks>
/// Writes (outputs, variables, outcomes, bookmarks) take effect in the one transaction that completes the activity.
/// Journal entries are written at once, so that a run can be watched and a crash leaves its traces.
/// </remarks>
public sealed class ActivityExecutionContext
{
    private readonly IActivityHost _host;
    private readonly ExecutionState _execution;
    private readonly VariableScope _scope;
    private readonly Lock _lock = new();
    private readonly List<VariableWrite> _variables = [];
    private readonly List<BookmarkRequest> _bookmarks = [];
    private ImmutableDictionary<string, JsonElement> _outputs = ImmutableDictionary<string, JsonElement>.Empty;
    private string? _correlationId;
    private IReadOnlyList<string>? _outcomes;
    private bool _finishesWorkflow;

    internal ActivityExecutionContext(IActivityHost host, ExecutionState execution, VariableScope scope, string activityId, CancellationToken cancellationToken)
    {
        _host = host;
        _execution = execution;
        _scope = scope;
        ActivityId = activityId;
        CancellationToken = cancellationToken;
    }

    /// <summary>The id of this execution of the activity; the same over all attempts.</summary>
    public string Id => _execution.Id;

    /// <summary>The activity's id in the definition.</summary>
    public string ActivityId { get; }

    public string WorkflowInstanceId => _scope.Instance.Id;

    public string? CorrelationId
    {
        get => _correlationId ?? _scope.Instance.CorrelationId;
        set => _correlationId = value;
    }

    /// <summary>1 at first; one more each time that the activity runs again after a crash, an interruption or a retry.</summary>
    public int Attempt => _execution.Attempt;

    /// <summary>Cancelled when the run is interrupted or cancelled, or a join no longer needs this branch.</summary>
    public CancellationToken CancellationToken { get; }

    public TimeProvider TimeProvider => _host.TimeProvider;

    /// <summary>Stored with the execution record when the activity ends.</summary>
    public IDictionary<string, object?> JournalData { get; } = new Dictionary<string, object?>();

    /// <summary>What came with the event by which the activity was resumed; null before.</summary>
    public JsonElement? ResumedWith => _execution.ResumedWith;

    internal bool HasEnded { get; private set; }

    internal bool HasBookmarks => _bookmarks.Count > 0;

    public T GetRequiredService<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>The evaluated value of an input.</summary>
    /// <exception cref="InputConversionException">The value has no meaning as a <typeparamref name="T"/>.</exception>
    public T? Get<T>(Input<T> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _execution.Inputs.TryGetValue(input.Name, out var value) ? (T?)ValueConverter.Convert(value, typeof(T), input.Name) : default;
    }

    public void Set<T>(Output<T> output, T? value)
    {
        ArgumentNullException.ThrowIfNull(output);
        lock (_lock)
            _outputs = _outputs.SetItem(output.Name, Json.ToElement(value));
    }

    /// <summary>A workflow input by name; null where it was not given.</summary>
    public JsonElement? GetWorkflowInput(string name) => _scope.FindInput(name);

    /// <summary>A variable in scope by name, as it was when this attempt began, or as this activity has set it since.</summary>
    public T? GetVariable<T>(string name)
    {
        lock (_lock)
        {
            var value = _variables.LastOrDefault(write => write.Name == name)?.Value ?? _scope.Read(_scope.FindByName(name));
            return (T?)ValueConverter.Convert(value, typeof(T), name);
        }
    }

    public void SetVariable<T>(string name, T? value) => Write(new VariableWrite(null, name, Json.ToElement(value)));

    /// <summary>Asks that <see cref="Activity.ResumeAsync"/> is called later; the activity waits until then.</summary>
    public void CreateBookmark(BookmarkRequest bookmark)
    {
        lock (_lock)
            _bookmarks.Add(bookmark);
    }

    /// <summary>Writes a journal row now, in its own transaction.</summary>
    /// <param name="eventName">A word of the journal, for instance <c>Command</c>.</param>
    /// <param name="message">One line for people.</param>
    /// <param name="payload">Details, serialized as JSON; never a secret.</param>
    public void AddExecutionLogEntry(string eventName, string? message = null, object? payload = null) =>
        _host.Post(new ActivityLogged(TimeProvider.GetUtcNow(), Id, eventName, message, payload is null ? null : Json.ToElement(payload)));

    /// <summary>Tells who watches how far the activity is. Not stored.</summary>
    /// <param name="message">What is being done now, a few words.</param>
    /// <param name="fraction">From 0 to 1; null where it cannot be known.</param>
    public void ReportProgress(string message, double? fraction = null) =>
        _host.Notify(new ProgressReported(WorkflowInstanceId, Id, ActivityId, message, fraction));

    public ValueTask CompleteActivityAsync()
    {
        HasEnded = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Completes with exactly these outcomes, case-sensitive.</summary>
    public ValueTask CompleteActivityWithOutcomesAsync(params string[] outcomes)
    {
        _outcomes = outcomes;
        return CompleteActivityAsync();
    }

    internal void SetVariableById(string id, object? value) => Write(new VariableWrite(id, null, Json.ToElement(value)));

    internal ValueTask FinishWorkflowAsync()
    {
        _finishesWorkflow = true;
        return CompleteActivityAsync();
    }

    internal ActivityResult Result() => new()
    {
        Outcomes = _outcomes,
        Outputs = _outputs,
        Variables = _variables,
        Bookmarks = HasEnded ? [] : _bookmarks,
        JournalData = JournalData.ToImmutableDictionary(entry => entry.Key, entry => Json.ToElement(entry.Value)),
        CorrelationId = _correlationId,
        FinishesWorkflow = _finishesWorkflow,
    };

    private void Write(VariableWrite write)
    {
        lock (_lock)
            _variables.Add(write);
    }
}

/// <summary>What runs an activity.</summary>
internal interface IActivityHost
{
    IServiceProvider Services { get; }

    TimeProvider TimeProvider { get; }

    void Post(WorkflowEvent happened);

    void Notify(RunNotification notification);
}
