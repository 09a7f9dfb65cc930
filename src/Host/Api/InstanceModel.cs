using System.Text.Json;
using System.Text.Json.Serialization;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Api;

/// <summary>A run as Studio reads it.</summary>
internal sealed record InstanceModel(
    string Id,
    string DefinitionId,
    string DefinitionVersionId,
    int Version,
    WorkflowStatus Status,
    WorkflowSubStatus SubStatus,
    string? CorrelationId,
    string? Name,
    int IncidentCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt)
{
    public bool IsSystem => false;

    /// <summary>Absent in lists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkflowStateModel? WorkflowState { get; init; }

    public static InstanceModel Of(WorkflowInstance run) => new(
        run.Id, run.DefinitionId, run.DefinitionVersionId, run.Version, run.Status, run.SubStatus, run.CorrelationId, run.Name, run.IncidentCount,
        run.CreatedAt, run.UpdatedAt, run.FinishedAt);

    public WorkflowInstance ToInstance(WorkflowStateModel state) => new()
    {
        Id = Id,
        DefinitionId = DefinitionId,
        DefinitionVersionId = DefinitionVersionId,
        Version = Version,
        Status = Status,
        SubStatus = SubStatus,
        CorrelationId = CorrelationId,
        Name = Name,
        IncidentCount = state.Incidents.Count,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        FinishedAt = FinishedAt,
        Input = state.Input,
        Output = state.Output,
        Incidents = [.. state.Incidents.Select(incident => incident.ToIncident())],
    };
}

/// <summary>What a run has come to: its values, incidents, and what it waits for.</summary>
internal sealed record WorkflowStateModel(
    string Id,
    string DefinitionId,
    string DefinitionVersionId,
    int DefinitionVersion,
    WorkflowStatus Status,
    WorkflowSubStatus SubStatus,
    string? CorrelationId,
    IReadOnlyList<BookmarkModel> Bookmarks,
    IReadOnlyList<IncidentModel> Incidents,
    IReadOnlyDictionary<string, JsonElement> Input,
    IReadOnlyDictionary<string, JsonElement> Output,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? FinishedAt)
{
    // Studio goes through these and must not find null.
    public IReadOnlyList<object> CompletionCallbacks => [];
    public IReadOnlyList<object> ActivityExecutionContexts => [];
    public IReadOnlyDictionary<string, object> Properties { get; } = new Dictionary<string, object>();

    public static WorkflowStateModel Of(WorkflowInstance run, IReadOnlyList<Bookmark> bookmarks) => new(
        run.Id, run.DefinitionId, run.DefinitionVersionId, run.Version, run.Status, run.SubStatus, run.CorrelationId,
        [.. bookmarks.Select(BookmarkModel.Of)], [.. run.Incidents.Select(IncidentModel.Of)], run.Input, run.Output,
        run.CreatedAt, run.UpdatedAt, run.FinishedAt);
}

internal sealed record BookmarkModel(string Id, string Name, string Hash, JsonElement Payload, string ActivityNodeId, string ActivityInstanceId)
{
    public bool AutoBurn => true;
    public IReadOnlyDictionary<string, object> Metadata { get; } = new Dictionary<string, object>();

    public static BookmarkModel Of(Bookmark bookmark) =>
        new(bookmark.Id, bookmark.Name, bookmark.Id, bookmark.Payload, bookmark.ActivityNodeId, bookmark.ActivityExecutionId);
}

internal sealed record IncidentModel(
    string ActivityId, string ActivityNodeId, string ActivityInstanceId, string ActivityType, string Message, ExceptionModel Exception, DateTimeOffset Timestamp, bool IsResolved)
{
    public static IncidentModel Of(Incident incident) => new(
        incident.ActivityId, incident.ActivityNodeId, incident.ActivityExecutionId, incident.ActivityType, incident.Message,
        ExceptionModel.Of(incident), incident.Timestamp, incident.IsResolved);

    public Incident ToIncident() =>
        new(ActivityId, ActivityNodeId, ActivityInstanceId, ActivityType, Message, Exception.Type, Timestamp, IsResolved) { Detail = Exception.InnerException?.Message };
}

/// <summary>What Studio shows of an incident: its own message is not shown.</summary>
internal sealed record ExceptionModel(string Type, string Message, string? StackTrace, ExceptionModel? InnerException)
{
    public static ExceptionModel Of(Incident incident) =>
        new(incident.ExceptionType, incident.Message, null, incident.Detail is { } detail ? new ExceptionModel(incident.ExceptionType, detail, null, null) : null);
}
