using System.Text.Json;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Workflows.Execution;

/// <summary>Starts, continues and stops runs. One runtime owns the database of a data folder at a time.</summary>
public sealed class WorkflowRuntime : IAsyncDisposable
{
    /// <summary>Raised for each committed change and each progress report of any run, in order per run.</summary>
    public event Action<RunNotification>? Notified { add => throw new NotImplementedException(); remove => throw new NotImplementedException(); }

    /// <summary>Creates a run of this definition version and starts it. The run is stored before this returns.</summary>
    public Task<string> StartAsync(WorkflowDefinition definition, StartOptions options, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Continues a run where it stopped: after a crash, an interruption, or a pause. Nothing happens if it is running.</summary>
    public Task ResumeAsync(string instanceId, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Runs every faulted activity of a run (or the one named by its execution id) again, with inputs evaluated anew.</summary>
    public Task RetryAsync(string instanceId, string? activityExecutionId = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Stops a run for good: running activities are cancelled, waits are dropped.</summary>
    public Task CancelAsync(string instanceId, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Stops a run so that it can be resumed: running activities are cancelled and run again on resume.</summary>
    public Task InterruptAsync(string instanceId, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Delivers an event to the bookmarks that wait for it; returns how many were resumed.</summary>
    public Task<int> PublishEventAsync(string eventName, JsonElement? payload = null, string? instanceId = null, string? correlationId = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Waits until the run is finished, or nothing of it moves until somebody acts (an incident, an event, an interruption).
    /// A run that waits for a timer is at rest only if <paramref name="timersToo"/> is false.</summary>
    public Task<WorkflowInstance> WaitUntilAtRestAsync(string instanceId, bool timersToo = true, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Continues every run that a crash or a stop of the process left unfinished and that nobody paused.</summary>
    public Task RecoverAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>How a run is started.</summary>
public sealed record StartOptions
{
    /// <summary>Workflow inputs by name, as JSON values.</summary>
    public IReadOnlyDictionary<string, JsonElement> Input { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Ties the run to something of the user's, for instance the name of a cluster.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The run's name in lists.</summary>
    public string? Name { get; init; }

    /// <summary>Who started it, for the journal.</summary>
    public string? StartedBy { get; init; }
}

/// <summary>Something that a watcher of a run may show.</summary>
/// <param name="InstanceId">The run.</param>
public abstract record RunNotification(string InstanceId);

/// <summary>A journal row was committed.</summary>
public sealed record JournalWritten(string InstanceId, JournalEntry Entry) : RunNotification(InstanceId);

/// <summary>An activity says how far it is; not stored.</summary>
public sealed record ProgressReported(string InstanceId, string ActivityExecutionId, string ActivityId, string Message, double? Fraction) : RunNotification(InstanceId);

/// <summary>The run's status changed.</summary>
public sealed record InstanceChanged(string InstanceId, WorkflowStatus Status, WorkflowSubStatus SubStatus) : RunNotification(InstanceId);
