using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Expressions;
using VmCluster.Workflows.Persistence;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Execution;

/// <summary>Starts, continues and stops runs. One runtime owns the database of a data folder at a time.</summary>
public sealed class WorkflowRuntime : IAsyncDisposable
{
    private readonly WorkflowOptions _options;
    private readonly WorkflowDatabase _database;
    private readonly ChangeWriter _writer;
    private readonly ActivityRegistry _registry;
    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger<WorkflowRuntime> _logger;
    private readonly StateMachine _machine;
    private readonly Dictionary<string, InstanceRunner> _runners = [];
    private readonly SemaphoreSlim _loading = new(1);

    internal WorkflowRuntime(WorkflowOptions options, WorkflowDatabase database, ChangeWriter writer, ActivityRegistry registry, IServiceScopeFactory scopes, ILogger<WorkflowRuntime> logger)
    {
        _options = options;
        _database = database;
        _writer = writer;
        _registry = registry;
        _scopes = scopes;
        _logger = logger;
        _machine = new StateMachine(registry, new ExpressionEvaluator(new ScriptEvaluator(options.TimeProvider)), options.DefaultIncidentStrategy);
    }

    /// <summary>Raised for each committed change and each progress report of any run, in order per run.</summary>
    public event Action<RunNotification>? Notified;

    /// <summary>Creates a run of this definition version and starts it. The run is stored before this returns.</summary>
    /// <exception cref="InputConversionException">An input given is no value of the type that the definition declares.</exception>
    public async Task<string> StartAsync(WorkflowDefinition definition, StartOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(options);
        cancellationToken.ThrowIfCancellationRequested();
        var now = _options.TimeProvider.GetUtcNow();
        var state = new WorkflowState
        {
            Instance = new WorkflowInstance
            {
                Id = NewInstanceId(now),
                DefinitionId = definition.DefinitionId,
                DefinitionVersionId = definition.Id,
                Version = definition.Version,
                Status = WorkflowStatus.Running,
                SubStatus = WorkflowSubStatus.Pending,
                CorrelationId = options.CorrelationId,
                Name = options.Name,
                CreatedAt = now,
                UpdatedAt = now,
                Input = WorkflowInputs.Complete(definition, options.Input),
                Output = ImmutableDictionary<string, JsonElement>.Empty,
            },
            Graph = definition.Graph,
            StartedBy = options.StartedBy,
        };
        var runner = await AddRunnerAsync(state, cancellationToken);
        await runner.PostAsync(at => new RunStarted(at));
        return state.Instance.Id;
    }

    /// <summary>Lets the steps that are running end and starts none, until the run is resumed. It stays so over a restart of the process. Returns when that is stored; the run is paused when its steps have ended.</summary>
    /// <inheritdoc cref="ResumeAsync"/>
    public Task PauseAsync(string instanceId, string? by = null, CancellationToken cancellationToken = default) =>
        RequestAsync(instanceId, at => new PauseRequested(at, by), cancellationToken);

    /// <summary>Continues a run where it stopped: after a crash, an interruption, or a pause. Nothing happens if it is under way.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="by">Who asks, for the journal.</param>
    /// <param name="cancellationToken">Ends the waiting, not what was asked for.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunFinishedException">The run has ended.</exception>
    public Task ResumeAsync(string instanceId, string? by = null, CancellationToken cancellationToken = default) =>
        RequestAsync(instanceId, at => new ResumeRequested(at, by), cancellationToken);

    /// <summary>Runs every faulted activity (or the one named by its execution id) again, with inputs evaluated anew, and lets the run go on.</summary>
    /// <param name="instanceId">The run.</param>
    /// <param name="activityExecutionId">The execution to retry; null for all that have faulted.</param>
    /// <param name="inputs">Values by input name, in the place of those of the definition, until the activity is retried again. They are stored.</param>
    /// <param name="by">Who asks, for the journal.</param>
    /// <param name="cancellationToken">Ends the waiting, not what was asked for.</param>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunFinishedException">The run has ended.</exception>
    /// <exception cref="ActivityNotFaultedException">Nothing, or not that execution, has faulted.</exception>
    /// <exception cref="AmbiguousStepException">Inputs are given, and several activities have faulted.</exception>
    /// <exception cref="UnknownInputException">The activity has no such input.</exception>
    /// <exception cref="SensitiveInputException">The input is a secret.</exception>
    /// <exception cref="InputConversionException">A value has no meaning as the input's type.</exception>
    public Task RetryAsync(string instanceId, string? activityExecutionId = null, IReadOnlyDictionary<string, JsonElement>? inputs = null, string? by = null, CancellationToken cancellationToken = default) =>
        RequestAsync(instanceId, at => new RetryRequested(at, by, activityExecutionId, inputs ?? ImmutableDictionary<string, JsonElement>.Empty), cancellationToken);

    /// <summary>Takes a faulted activity as complete with one of its outcomes, and lets the run go on.</summary>
    /// <inheritdoc cref="ResumeAsync"/>
    /// <param name="activityExecutionId">The execution to skip.</param>
    /// <param name="outcome">Case-sensitive; <see cref="ActivityRegistry.OutcomesOf(WorkflowDefinition, string)"/> tells which there are.</param>
    /// <exception cref="ActivityNotFaultedException">That execution has not faulted.</exception>
    /// <exception cref="UnknownOutcomeException">The activity has no such outcome.</exception>
    public Task SkipAsync(string instanceId, string activityExecutionId, string outcome, string? by = null, CancellationToken cancellationToken = default) =>
        RequestAsync(instanceId, at => new SkipRequested(at, by, activityExecutionId, outcome), cancellationToken);

    /// <summary>Moves a run that stands still to another version of its definition. What has failed stays so until it is retried, then with the new version's inputs.</summary>
    /// <inheritdoc cref="ResumeAsync"/>
    /// <param name="target">A stored version of the same definition.</param>
    /// <exception cref="MigrationRefusedException">What the run has done does not fit that version, or steps are running.</exception>
    public Task MigrateAsync(string instanceId, WorkflowDefinition target, string? by = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        return RequestAsync(instanceId, at => new MigrateRequested(at, by, target), cancellationToken);
    }

    /// <summary>Stops a run for good: running activities are cancelled, waits are dropped.</summary>
    /// <inheritdoc cref="ResumeAsync"/>
    public async Task CancelAsync(string instanceId, string? by = null, CancellationToken cancellationToken = default)
    {
        await InterruptAsync(instanceId, by, cancellationToken);
        await RequestAsync(instanceId, at => new CancelRequested(at, by), cancellationToken);
    }

    /// <summary>Stops a run so that it can be resumed: running activities are cancelled and run again on resume.</summary>
    /// <inheritdoc cref="ResumeAsync"/>
    public async Task InterruptAsync(string instanceId, string? by = null, CancellationToken cancellationToken = default)
    {
        var runner = await RequestAsync(instanceId, at => new InterruptRequested(at, by), cancellationToken);
        await runner.WaitForActivitiesAsync(_options.StopTimeout, cancellationToken);
    }

    /// <summary>Delivers an event to one run; the journal says who sent it.</summary>
    /// <exception cref="EventNotAwaitedException">The run does not wait for it.</exception>
    public async Task SendEventAsync(string instanceId, string eventName, JsonElement? payload, string? by, CancellationToken cancellationToken = default)
    {
        if (await PublishEventAsync(eventName, payload, instanceId, by: by, cancellationToken: cancellationToken) == 0)
            throw new EventNotAwaitedException(instanceId, eventName);
    }

    /// <summary>Delivers an event to the bookmarks that wait for it; returns how many were resumed.</summary>
    public async Task<int> PublishEventAsync(
        string eventName, JsonElement? payload = null, string? instanceId = null, string? correlationId = null, string? by = null, CancellationToken cancellationToken = default)
    {
        var resumed = 0;
        foreach (var bookmark in await FindBookmarksAsync(eventName, instanceId, correlationId, cancellationToken))
        {
            if (await DeliverAsync(bookmark, payload ?? Json.Null, by, cancellationToken))
                resumed++;
        }

        return resumed;
    }

    /// <summary>Waits until the run is finished, or nothing of it moves until somebody acts (an incident, an event, an interruption).
    /// A run that waits for a timer is at rest only if <paramref name="timersToo"/> is false.</summary>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    public async Task<WorkflowInstance> WaitUntilAtRestAsync(string instanceId, bool timersToo = true, CancellationToken cancellationToken = default)
    {
        InstanceRunner? runner;
        lock (_runners)
            _runners.TryGetValue(instanceId, out runner);

        if (runner is null)
        {
            await using var context = await _database.OpenAsync(cancellationToken);
            return await new RunReader(context).FindAsync(instanceId, cancellationToken) ?? throw new RunNotFoundException(instanceId);
        }

        return WithIncidents(await runner.WaitAsync(IsAtRest, cancellationToken));

        bool IsAtRest(WorkflowState state) => state.IsFinished || state.Instance.SubStatus switch
        {
            WorkflowSubStatus.Interrupted => true,
            WorkflowSubStatus.Suspended => !timersToo || state.IsHeld || !state.Bookmarks.Values.Any(bookmark => bookmark.Due is not null),
            _ => false,
        };
    }

    /// <summary>Continues every run that a crash or a stop of the process left unfinished and that nobody paused. Those that wait for people or events are not touched.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken = default)
    {
        List<string> unfinished;
        await using (var context = await _database.OpenAsync(cancellationToken))
        {
            unfinished = await context.Instances
                .Where(row => row.Status == nameof(WorkflowStatus.Running))
                .Where(row => row.Hold != nameof(RunHold.Interrupted))
                .Where(row => row.SubStatus != nameof(WorkflowSubStatus.Suspended) || (row.Hold == nameof(RunHold.None) && context.Bookmarks.Any(bookmark => bookmark.InstanceId == row.Id && bookmark.Due != null)))
                .OrderBy(row => row.CreatedAt)
                .Select(row => row.Id)
                .ToListAsync(cancellationToken);
        }

        foreach (var instanceId in unfinished)
        {
            var (runner, isFresh) = await GetRunnerAsync(instanceId, cancellationToken);
            if (isFresh)
                await runner.PostAsync(at => new ProcessRestarted(at));
        }
    }

    /// <summary>Stops the activities; what is unfinished stays so, as after a crash.</summary>
    public async ValueTask DisposeAsync()
    {
        InstanceRunner[] runners;
        lock (_runners)
            runners = [.. _runners.Values];

        await Task.WhenAll(runners.Select(StopAsync));
        await _writer.DisposeAsync();
        _loading.Dispose();
    }

    private async Task StopAsync(InstanceRunner runner)
    {
        await runner.DisposeAsync();
        await runner.WaitForActivitiesAsync(_options.StopTimeout, CancellationToken.None);
    }

    private async Task<bool> DeliverAsync(BookmarkRow bookmark, JsonElement payload, string? by, CancellationToken cancellationToken)
    {
        try
        {
            var (runner, isFresh) = await GetRunnerAsync(bookmark.InstanceId, cancellationToken);
            if (isFresh)
                await runner.PostAsync(at => new ProcessRestarted(at));

            return await runner.PostAsync(at => new BookmarkResumed(at, bookmark.Id, payload, by));
        }
        catch (RunFinishedException)
        {
            // It has ended since the bookmark was found.
            return false;
        }
    }

    private static WorkflowInstance WithIncidents(WorkflowState state)
    {
        var incidents = state.Incidents.Values.Select(incident => incident.Incident).OrderBy(incident => incident.Timestamp).ToList();
        return state.Instance with { Incidents = incidents, IncidentCount = incidents.Count };
    }

    /// <summary>Sortable by time, and short enough to be typed: 9 digits of seconds and 5 of chance, in base 32.</summary>
    private static string NewInstanceId(DateTimeOffset now)
    {
        const string digits = "0123456789abcdefghjkmnpqrstvwxyz";
        return string.Create(12, now.ToUnixTimeSeconds(), (span, seconds) =>
        {
            for (var i = 6; i >= 0; i--, seconds /= 32)
                span[i] = digits[(int)(seconds % 32)];

            RandomNumberGenerator.GetItems(digits, span[7..]);
        });
    }

    private async Task<InstanceRunner> RequestAsync(string instanceId, Func<DateTimeOffset, Request> request, CancellationToken cancellationToken)
    {
        var (runner, _) = await GetRunnerAsync(instanceId, cancellationToken);
        await runner.PostAsync(request).WaitAsync(cancellationToken);
        return runner;
    }

    private async Task<List<BookmarkRow>> FindBookmarksAsync(string eventName, string? instanceId, string? correlationId, CancellationToken cancellationToken)
    {
        await using var context = await _database.OpenAsync(cancellationToken);
        return await context.Bookmarks.AsNoTracking()
            .Where(row => row.Name == Event.BookmarkName && row.Key == eventName)
            .Where(row => instanceId == null || row.InstanceId == instanceId)
            .Where(row => correlationId == null || context.Instances.Any(instance => instance.Id == row.InstanceId && instance.CorrelationId == correlationId))
            .OrderBy(row => row.CreatedAt)
            .ToListAsync(cancellationToken);
    }

    private async Task<InstanceRunner> AddRunnerAsync(WorkflowState state, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            return AddRunner(state);
        }
        finally
        {
            _loading.Release();
        }
    }

    private InstanceRunner AddRunner(WorkflowState state)
    {
        var runner = new InstanceRunner(_machine, state, _writer, _scopes, _options.TimeProvider, _logger, Notify);
        lock (_runners)
            _runners[state.Instance.Id] = runner;

        _ = ForgetWhenFinishedAsync(runner);
        return runner;
    }

    private async Task ForgetWhenFinishedAsync(InstanceRunner runner)
    {
        await runner.EndAsync();
        if (!runner.State.IsFinished)
            return;

        lock (_runners)
            _runners.Remove(runner.State.Instance.Id);
    }

    private void Notify(RunNotification notification)
    {
        try
        {
            Notified?.Invoke(notification);
        }
        catch (Exception e)
        {
            // Who watches a run must not be able to stop it.
            _logger.LogError(e, "A watcher of run {InstanceId} failed.", notification.InstanceId);
        }
    }

    /// <summary>The runner of a run, read from the database where this process has not run it yet: then nothing of it moves until it is resumed.</summary>
    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunFinishedException">The run has ended.</exception>
    private async Task<(InstanceRunner Runner, bool IsFresh)> GetRunnerAsync(string instanceId, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            InstanceRunner? known;
            lock (_runners)
                _runners.TryGetValue(instanceId, out known);

            if (known is not null && (!known.HasEnded || known.State.IsFinished))
                return (known, false);

            // One that could not be stored: what it was doing must have ended before it is done again.
            if (known is not null)
                await known.WaitForActivitiesAsync(_options.StopTimeout, cancellationToken);

            await using var context = await _database.OpenAsync(cancellationToken);
            var instance = await context.Instances.AsNoTracking().SingleOrDefaultAsync(row => row.Id == instanceId, cancellationToken) ?? throw new RunNotFoundException(instanceId);
            if (instance.Status == nameof(WorkflowStatus.Finished))
                throw new RunFinishedException(instanceId, Enum.Parse<WorkflowSubStatus>(instance.SubStatus));

            var source = await context.Definitions.Where(row => row.Id == instance.DefinitionVersionId).Select(row => row.Source).SingleAsync(cancellationToken);
            var state = await StateReader.ReadAsync(context, instance, WorkflowDefinition.Parse(source).Graph, _registry, cancellationToken);
            return (AddRunner(state), true);
        }
        finally
        {
            _loading.Release();
        }
    }
}
