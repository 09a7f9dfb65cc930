namespace VmCluster.Workflows.Execution;

/// <summary>Something that a watcher of a run may show.</summary>
/// <param name="InstanceId">The run.</param>
public abstract record RunNotification(string InstanceId);

/// <summary>A journal row was committed.</summary>
public sealed record JournalWritten(string InstanceId, JournalEntry Entry) : RunNotification(InstanceId);

/// <summary>An activity says how far it is; not stored.</summary>
public sealed record ProgressReported(string InstanceId, string ActivityExecutionId, string ActivityId, string Message, double? Fraction) : RunNotification(InstanceId);

/// <summary>The run's status changed.</summary>
public sealed record InstanceChanged(string InstanceId, WorkflowStatus Status, WorkflowSubStatus SubStatus) : RunNotification(InstanceId);
