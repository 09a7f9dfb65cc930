namespace VmCluster.Workflows.Persistence;

// The database's rows. Members that hold JSON are text; times are ticks of UTC, which SQLite can compare and sort.
internal sealed class DefinitionRow
{
    public required string Id { get; set; }
    public required string DefinitionId { get; set; }
    public required int Version { get; set; }
    public string? Name { get; set; }
    public string? Description { get; set; }
    public bool IsLatest { get; set; }
    public bool IsPublished { get; set; }

    /// <summary>Came with the product, and nobody has edited it.</summary>
    public bool IsShipped { get; set; }
    public required string ContentHash { get; set; }
    public required string Source { get; set; }
    public required DateTimeOffset CreatedAt { get; set; }
    public DateTimeOffset? ChangedAt { get; set; }
    public string? ChangedBy { get; set; }

    /// <summary>Set on what a user has deleted: runs of it, and their history, still refer to it.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
    public string? DeletedBy { get; set; }

    /// <summary>Set on what came with a run of another installation: it is none of the versions of its definition here.</summary>
    public DateTimeOffset? ImportedAt { get; set; }
}

internal sealed class InstanceRow
{
    public required string Id { get; set; }
    public required string DefinitionId { get; set; }
    public required string DefinitionVersionId { get; set; }
    public required int Version { get; set; }
    public required string Status { get; set; }
    public required string SubStatus { get; set; }
    public required string Hold { get; set; }
    public string? CorrelationId { get; set; }
    public string? Name { get; set; }
    public string? StartedBy { get; set; }
    public required DateTimeOffset CreatedAt { get; set; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public DateTimeOffset? FinishedAt { get; set; }
    public required string Input { get; set; }
    public required string Output { get; set; }
    public required long NextSequence { get; set; }
    public required long NextId { get; set; }

    /// <summary>Set on what a user has deleted: it is in no list any more, its journal stays.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
    public string? DeletedBy { get; set; }
}

internal sealed class ExecutionRow
{
    public required string Id { get; set; }
    public required string InstanceId { get; set; }
    public string? ParentId { get; set; }
    public required string ActivityId { get; set; }
    public required string ActivityNodeId { get; set; }
    public required string ActivityType { get; set; }
    public string? ActivityName { get; set; }
    public required long Order { get; set; }
    public required string Status { get; set; }
    public required int Attempt { get; set; }
    public required DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset? CompletedAt { get; set; }
    public long? CompletedSequence { get; set; }
    public string? Outcomes { get; set; }
    public required string Inputs { get; set; }
    public string? ChangedInputs { get; set; }
    public string? Outputs { get; set; }
    public string? JournalData { get; set; }
    public string? Memory { get; set; }
    public string? ResumedWith { get; set; }
    public bool EnteredBackward { get; set; }
}

internal sealed class BookmarkRow
{
    public required string Id { get; set; }
    public required string InstanceId { get; set; }
    public required string ExecutionId { get; set; }
    public required string ActivityNodeId { get; set; }
    public required string Name { get; set; }
    public string? Key { get; set; }
    public required string Payload { get; set; }
    public DateTimeOffset? Due { get; set; }
    public required DateTimeOffset CreatedAt { get; set; }
}

internal sealed class VariableRow
{
    public required string InstanceId { get; set; }
    public required string OwnerId { get; set; }
    public required string VariableId { get; set; }
    public required string Name { get; set; }
    public required string Value { get; set; }
}

internal sealed class IncidentRow
{
    public required string Id { get; set; }
    public required string InstanceId { get; set; }
    public required string ActivityId { get; set; }
    public required string ActivityNodeId { get; set; }
    public required string ActivityExecutionId { get; set; }
    public required string ActivityType { get; set; }
    public required string Message { get; set; }
    public string? Detail { get; set; }
    public required string ExceptionType { get; set; }
    public required DateTimeOffset Timestamp { get; set; }
    public bool IsResolved { get; set; }
}

internal sealed class JournalRow
{
    public required string InstanceId { get; set; }
    public required long Sequence { get; set; }
    public required DateTimeOffset Timestamp { get; set; }
    public required string EventName { get; set; }
    public required string ActivityId { get; set; }
    public required string ActivityNodeId { get; set; }
    public required string ActivityType { get; set; }
    public required string ActivityExecutionId { get; set; }
    public string? ParentActivityExecutionId { get; set; }
    public string? ActivityName { get; set; }
    public string? Message { get; set; }
    public string? Payload { get; set; }
}
