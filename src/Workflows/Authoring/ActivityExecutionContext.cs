using System.Text.Json;

namespace VmCluster.Workflows;

/// <summary>What a running activity sees of its run: inputs, outputs, variables, services, journal.</summary>
/// <remarks>
/// Writes (outputs, variables, outcomes, bookmarks) take effect in the one transaction that completes the activity.
/// Journal entries are written at once, so that a run can be watched and a crash leaves its traces.
/// </remarks>
public sealed class ActivityExecutionContext
{
    /// <summary>The id of this execution of the activity; the same over all attempts.</summary>
    public string Id => throw new NotImplementedException();

    /// <summary>The activity's id in the definition.</summary>
    public string ActivityId => throw new NotImplementedException();

    public string WorkflowInstanceId => throw new NotImplementedException();

    public string? CorrelationId { get => throw new NotImplementedException(); set => throw new NotImplementedException(); }

    /// <summary>1 at first; one more each time that the activity runs again after a crash, an interruption or a retry.</summary>
    public int Attempt => throw new NotImplementedException();

    /// <summary>Cancelled when the run is interrupted or cancelled, or a join no longer needs this branch.</summary>
    public CancellationToken CancellationToken => throw new NotImplementedException();

    public TimeProvider TimeProvider => throw new NotImplementedException();

    /// <summary>Stored with the execution record when the activity ends.</summary>
    public IDictionary<string, object?> JournalData => throw new NotImplementedException();

    public T GetRequiredService<T>()
        where T : notnull => throw new NotImplementedException();

    /// <summary>The evaluated value of an input.</summary>
    public T? Get<T>(Input<T> input) => throw new NotImplementedException();

    public void Set<T>(Output<T> output, T? value) => throw new NotImplementedException();

    /// <summary>A workflow input by name; null where it was not given.</summary>
    public JsonElement? GetWorkflowInput(string name) => throw new NotImplementedException();

    /// <summary>A variable in scope by name.</summary>
    public T? GetVariable<T>(string name) => throw new NotImplementedException();

    public void SetVariable<T>(string name, T? value) => throw new NotImplementedException();

    /// <summary>Writes a journal row now, in its own transaction.</summary>
    /// <param name="eventName">A word of the journal, for instance <c>Command</c>.</param>
    /// <param name="message">One line for people.</param>
    /// <param name="payload">Details, serialized as JSON; never a secret.</param>
    public void AddExecutionLogEntry(string eventName, string? message = null, object? payload = null) => throw new NotImplementedException();

    /// <summary>Tells who watches how far the activity is. Not stored.</summary>
    /// <param name="message">What is being done now, a few words.</param>
    /// <param name="fraction">From 0 to 1; null where it cannot be known.</param>
    public void ReportProgress(string message, double? fraction = null) => throw new NotImplementedException();

    public ValueTask CompleteActivityAsync() => throw new NotImplementedException();

    /// <summary>Completes with exactly these outcomes, case-sensitive.</summary>
    public ValueTask CompleteActivityWithOutcomesAsync(params string[] outcomes) => throw new NotImplementedException();
}
