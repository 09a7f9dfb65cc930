using System.Text.Json;

namespace VmCluster.Workflows.Execution;

public enum WorkflowStatus
{
    Running,
    Finished,
}

/// <summary>Elsa's sub-statuses. Pending, Executing, Suspended and Interrupted are Running; the others are Finished.</summary>
public enum WorkflowSubStatus
{
    Pending,
    Executing,
    Suspended,
    Finished,
    Cancelled,
    Faulted,
    Interrupted,
}

/// <summary>Why a run does not go on by itself.</summary>
public enum RunHold
{
    /// <summary>It does.</summary>
    None,

    /// <summary>Paused: the steps that are running end, none starts.</summary>
    Paused,

    /// <summary>Interrupted: the steps that were running were stopped, and run again when the run is resumed.</summary>
    Interrupted,
}

public enum ActivityStatus
{
    Pending,
    Running,
    Completed,
    Canceled,
    Faulted,
}

/// <summary>A run as lists and the CLI show it.</summary>
public sealed record WorkflowInstance
{
    public required string Id { get; init; }
    public required string DefinitionId { get; init; }
    public required string DefinitionVersionId { get; init; }
    public required int Version { get; init; }
    public required WorkflowStatus Status { get; init; }
    public required WorkflowSubStatus SubStatus { get; init; }
    public RunHold Hold { get; init; }

    /// <summary>A pause was asked for, and steps are still running.</summary>
    public bool IsPausing => Hold == RunHold.Paused && SubStatus == WorkflowSubStatus.Executing;

    /// <summary>Nothing runs and nothing starts until the run is resumed; a restart of the process does not change that.</summary>
    public bool IsPaused => Hold == RunHold.Paused && SubStatus == WorkflowSubStatus.Suspended;

    public string? CorrelationId { get; init; }
    public string? Name { get; init; }
    public int IncidentCount { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public IReadOnlyDictionary<string, JsonElement> Input { get; init; } = new Dictionary<string, JsonElement>();
    public IReadOnlyDictionary<string, JsonElement> Output { get; init; } = new Dictionary<string, JsonElement>();
    public IReadOnlyList<Incident> Incidents { get; init; } = [];
}

/// <summary>A fault that a run met. It is resolved when its activity is retried (which may bring another one), skipped, or no longer needed.</summary>
public sealed record Incident(string ActivityId, string ActivityNodeId, string ActivityExecutionId, string ActivityType, string Message, string ExceptionType, DateTimeOffset Timestamp, bool IsResolved)
{
    /// <summary>The cause, where the message does not tell it: for instance what a script threw.</summary>
    public string? Detail { get; init; }
}

/// <summary>One execution of an activity, over all its attempts.</summary>
public sealed record ActivityExecution
{
    public required string Id { get; init; }
    public required string InstanceId { get; init; }
    public string? ParentId { get; init; }
    public required string ActivityId { get; init; }
    public required string ActivityNodeId { get; init; }
    public required string ActivityType { get; init; }
    public string? ActivityName { get; init; }
    public required ActivityStatus Status { get; init; }
    public int Attempt { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }
    public IReadOnlyList<string>? Outcomes { get; init; }
    public IReadOnlyDictionary<string, JsonElement> Inputs { get; init; } = new Dictionary<string, JsonElement>();
    public IReadOnlyDictionary<string, JsonElement> Outputs { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>What the activity noted about its work.</summary>
    public IReadOnlyDictionary<string, JsonElement> JournalData { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>It waits for something: an event, or a time.</summary>
    public bool HasBookmarks { get; init; }

    /// <summary>Why it is faulted; null where it is not.</summary>
    public Incident? Incident { get; init; }
}

/// <summary>How often an activity was executed in a run, and how it stands.</summary>
/// <param name="ActivityId">The activity's id in the definition.</param>
/// <param name="ActivityNodeId">The ids of all ancestors and the own one, joined with colons.</param>
/// <param name="Started">Executions that have begun.</param>
/// <param name="Completed">Those of them that have ended.</param>
/// <param name="IsBlocked">One of them waits for an event or a time.</param>
/// <param name="IsFaulted">One of them is faulted.</param>
/// <param name="WasRetried">One of them took more than one attempt.</param>
public sealed record ActivityStats(string ActivityId, string ActivityNodeId, int Started, int Completed, bool IsBlocked, bool IsFaulted, bool WasRetried);

/// <summary>A variable of a run with its value now.</summary>
public sealed record VariableValue(string Id, string Name, JsonElement Value);

/// <summary>A row of the journal. Event names are Elsa's (Started, Completed, Faulted ...) and those that activities add.</summary>
public sealed record JournalEntry
{
    public required long Sequence { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public required string EventName { get; init; }
    public required string ActivityId { get; init; }
    public required string ActivityNodeId { get; init; }
    public required string ActivityType { get; init; }
    public required string ActivityExecutionId { get; init; }
    public string? ParentActivityExecutionId { get; init; }
    public string? ActivityName { get; init; }
    public string? Message { get; init; }
    public JsonElement? Payload { get; init; }
}
