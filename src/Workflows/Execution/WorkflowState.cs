using System.Collections.Immutable;
using System.Text.Json;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Workflows.Execution;

/// <summary>All that a run needs to go on: its own fields and what is alive in it. What has ended is in the store only.</summary>
internal sealed record WorkflowState
{
    public required WorkflowInstance Instance { get; init; }

    /// <summary>The activities of the definition version that the run is on.</summary>
    public required WorkflowGraph Graph { get; init; }

    public string? StartedBy { get; init; }

    /// <summary>Executions that are pending, running or faulted, by id.</summary>
    public ImmutableDictionary<string, ExecutionState> Executions { get; init; } = ImmutableDictionary<string, ExecutionState>.Empty;

    /// <summary>The live children of each live container.</summary>
    public ImmutableDictionary<string, ImmutableHashSet<string>> Children { get; init; } = ImmutableDictionary<string, ImmutableHashSet<string>>.Empty;

    /// <summary>Leaves whose code is to be running: neither pending, waiting nor faulted.</summary>
    public ImmutableHashSet<string> Active { get; init; } = [];

    /// <summary>Pending executions, in the order in which they start.</summary>
    public ImmutableQueue<string> Queue { get; init; } = [];

    public ImmutableDictionary<string, BookmarkState> Bookmarks { get; init; } = ImmutableDictionary<string, BookmarkState>.Empty;

    /// <summary>Variables by the execution that owns them, then by variable id.</summary>
    public ImmutableDictionary<string, ImmutableDictionary<string, VariableState>> Variables { get; init; } = ImmutableDictionary<string, ImmutableDictionary<string, VariableState>>.Empty;

    public ImmutableDictionary<string, IncidentState> Incidents { get; init; } = ImmutableDictionary<string, IncidentState>.Empty;

    /// <summary>What each activity gave when it last completed, by activity id.</summary>
    public ImmutableDictionary<string, LastOutput> LastOutputs { get; init; } = ImmutableDictionary<string, LastOutput>.Empty;

    /// <summary>The node ids of what has completed at least once.</summary>
    public ImmutableHashSet<string> Completed { get; init; } = [];

    /// <summary>The code of the active leaves is not running any more: it was stopped, or the process that ran it is gone.</summary>
    public bool IsHalted { get; init; }

    /// <summary>A person has stopped the run, or is cancelling it: nothing new starts.</summary>
    public bool IsHeld => Instance.Hold != RunHold.None;

    public bool IsRunningCode => !IsHalted && !Active.IsEmpty;

    public long NextSequence { get; init; }

    /// <summary>The source of ids: no randomness inside the machine.</summary>
    public long NextId { get; init; }

    public bool IsFinished => Instance.Status == WorkflowStatus.Finished;

    public IEnumerable<IncidentState> OpenIncidents => Incidents.Values.Where(incident => !incident.Incident.IsResolved);
}

/// <summary>One execution of an activity.</summary>
internal sealed record ExecutionState
{
    public required string Id { get; init; }
    public required string? ParentId { get; init; }
    public required ActivityNode Node { get; init; }

    /// <summary>Rises in the order of creation.</summary>
    public required long Order { get; init; }

    public ActivityStatus Status { get; init; }
    public int Attempt { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The journal's sequence number of its completion.</summary>
    public long? CompletedSequence { get; init; }

    public ImmutableDictionary<string, JsonElement> Inputs { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>Inputs that a person gave with a retry, in the place of those of the definition.</summary>
    public ImmutableDictionary<string, JsonElement> ChangedInputs { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
    public ImmutableDictionary<string, JsonElement> Outputs { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
    public IReadOnlyList<string>? Outcomes { get; init; }
    public ImmutableDictionary<string, JsonElement> JournalData { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>A container's own record of where it is.</summary>
    public JsonElement? Memory { get; init; }

    /// <summary>What came with the bookmark by which it was resumed; null if it was not.</summary>
    public JsonElement? ResumedWith { get; init; }

    /// <summary>A loop of a flowchart led here.</summary>
    public bool EnteredBackward { get; init; }
}

internal sealed record BookmarkState(string Id, string ExecutionId, string NodeId, string Name, string? Key, JsonElement Payload, DateTimeOffset? Due, DateTimeOffset CreatedAt);

/// <summary>A variable belongs to the execution of the container, or of the loop's body, that has it.</summary>
internal readonly record struct VariableKey(string OwnerId, string VariableId);

internal sealed record VariableState(string Name, JsonElement Value);

internal sealed record IncidentState(string Id, Incident Incident);

internal sealed record LastOutput(long Sequence, ImmutableDictionary<string, JsonElement> Values);
