using System.Collections.Immutable;
using System.Text.Json;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Persistence;

/// <summary>Rows from the state and back.</summary>
internal static class RowMapping
{
    public static InstanceRow ToRow(WorkflowState state)
    {
        var instance = state.Instance;
        return new InstanceRow
        {
            Id = instance.Id,
            DefinitionId = instance.DefinitionId,
            DefinitionVersionId = instance.DefinitionVersionId,
            Version = instance.Version,
            Status = instance.Status.ToString(),
            SubStatus = instance.SubStatus.ToString(),
            Hold = instance.Hold.ToString(),
            CorrelationId = instance.CorrelationId,
            Name = instance.Name,
            StartedBy = state.StartedBy,
            CreatedAt = instance.CreatedAt,
            UpdatedAt = instance.UpdatedAt,
            FinishedAt = instance.FinishedAt,
            Input = Json.Write(instance.Input),
            Output = Json.Write(instance.Output),
            NextSequence = state.NextSequence,
            NextId = state.NextId,
        };
    }

    public static WorkflowInstance ToInstance(InstanceRow row, IEnumerable<IncidentRow> incidents)
    {
        var all = incidents.Select(incident => ToIncident(incident).Incident).ToList();
        return new WorkflowInstance
        {
            Id = row.Id,
            DefinitionId = row.DefinitionId,
            DefinitionVersionId = row.DefinitionVersionId,
            Version = row.Version,
            Status = Enum.Parse<WorkflowStatus>(row.Status),
            SubStatus = Enum.Parse<WorkflowSubStatus>(row.SubStatus),
            Hold = Enum.Parse<RunHold>(row.Hold),
            CorrelationId = row.CorrelationId,
            Name = row.Name,
            IncidentCount = all.Count,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            FinishedAt = row.FinishedAt,
            Input = ReadValues(row.Input),
            Output = ReadValues(row.Output),
            Incidents = all,
        };
    }

    public static ExecutionRow ToRow(ExecutionState execution, string instanceId, bool withInputs) => new()
    {
        Id = execution.Id,
        InstanceId = instanceId,
        ParentId = execution.ParentId,
        ActivityId = execution.Node.Id,
        ActivityNodeId = execution.Node.NodeId,
        ActivityType = execution.Node.Type,
        ActivityName = execution.Node.Name,
        Order = execution.Order,
        Status = execution.Status.ToString(),
        Attempt = execution.Attempt,
        StartedAt = execution.StartedAt,
        CompletedAt = execution.CompletedAt,
        CompletedSequence = execution.CompletedSequence,
        Outcomes = execution.Outcomes is null ? null : Json.Write(execution.Outcomes),
        Inputs = withInputs ? Json.Write(execution.Inputs) : "",
        ChangedInputs = execution.ChangedInputs.IsEmpty ? null : Json.Write(execution.ChangedInputs),
        Outputs = execution.Outputs.IsEmpty ? null : Json.Write(execution.Outputs),
        JournalData = execution.JournalData.IsEmpty ? null : Json.Write(execution.JournalData),
        Memory = execution.Memory?.GetRawText(),
        ResumedWith = execution.ResumedWith?.GetRawText(),
        EnteredBackward = execution.EnteredBackward,
    };

    public static ExecutionState ToState(ExecutionRow row, ActivityNode node) => new()
    {
        Id = row.Id,
        ParentId = row.ParentId,
        Node = node,
        Order = row.Order,
        Status = Enum.Parse<ActivityStatus>(row.Status),
        Attempt = row.Attempt,
        StartedAt = row.StartedAt,
        CompletedAt = row.CompletedAt,
        CompletedSequence = row.CompletedSequence,
        Outcomes = row.Outcomes is null ? null : Json.Read<List<string>>(row.Outcomes),
        Inputs = ReadValues(row.Inputs),
        ChangedInputs = ReadValues(row.ChangedInputs),
        Outputs = ReadValues(row.Outputs),
        JournalData = ReadValues(row.JournalData),
        Memory = row.Memory is null ? null : Json.Parse(row.Memory),
        ResumedWith = row.ResumedWith is null ? null : Json.Parse(row.ResumedWith),
        EnteredBackward = row.EnteredBackward,
    };

    public static ActivityExecution ToExecution(ExecutionRow row, bool hasBookmarks, IncidentRow? incident) => new()
    {
        Id = row.Id,
        InstanceId = row.InstanceId,
        ParentId = row.ParentId,
        ActivityId = row.ActivityId,
        ActivityNodeId = row.ActivityNodeId,
        ActivityType = row.ActivityType,
        ActivityName = row.ActivityName,
        Status = Enum.Parse<ActivityStatus>(row.Status),
        Attempt = row.Attempt,
        StartedAt = row.StartedAt,
        CompletedAt = row.CompletedAt,
        Outcomes = row.Outcomes is null ? null : Json.Read<List<string>>(row.Outcomes),
        Inputs = ReadValues(row.Inputs),
        Outputs = ReadValues(row.Outputs),
        JournalData = ReadValues(row.JournalData),
        HasBookmarks = hasBookmarks,
        Incident = incident is null ? null : ToIncident(incident).Incident,
    };

    /// <summary>A row of a run that came from elsewhere and has ended: what the engine needs to go on is not in it.</summary>
    public static ExecutionRow ToRow(ActivityExecution execution, long order) => new()
    {
        Id = execution.Id,
        InstanceId = execution.InstanceId,
        ParentId = execution.ParentId,
        ActivityId = execution.ActivityId,
        ActivityNodeId = execution.ActivityNodeId,
        ActivityType = execution.ActivityType,
        ActivityName = execution.ActivityName,
        Order = order,
        Status = execution.Status.ToString(),
        Attempt = execution.Attempt,
        StartedAt = execution.StartedAt,
        CompletedAt = execution.CompletedAt,
        Outcomes = execution.Outcomes is null ? null : Json.Write(execution.Outcomes),
        Inputs = Json.Write(execution.Inputs),
        Outputs = execution.Outputs.Count == 0 ? null : Json.Write(execution.Outputs),
        JournalData = execution.JournalData.Count == 0 ? null : Json.Write(execution.JournalData),
    };

    public static BookmarkRow ToRow(BookmarkState bookmark, string instanceId) => new()
    {
        Id = bookmark.Id,
        InstanceId = instanceId,
        ExecutionId = bookmark.ExecutionId,
        ActivityNodeId = bookmark.NodeId,
        Name = bookmark.Name,
        Key = bookmark.Key,
        Payload = bookmark.Payload.GetRawText(),
        Due = bookmark.Due,
        CreatedAt = bookmark.CreatedAt,
    };

    public static BookmarkState ToState(BookmarkRow row) =>
        new(row.Id, row.ExecutionId, row.ActivityNodeId, row.Name, row.Key, Json.Parse(row.Payload), row.Due, row.CreatedAt);

    public static IncidentRow ToRow(IncidentState incident, string instanceId) => new()
    {
        Id = incident.Id,
        InstanceId = instanceId,
        ActivityId = incident.Incident.ActivityId,
        ActivityNodeId = incident.Incident.ActivityNodeId,
        ActivityExecutionId = incident.Incident.ActivityExecutionId,
        ActivityType = incident.Incident.ActivityType,
        Message = incident.Incident.Message,
        Detail = incident.Incident.Detail,
        ExceptionType = incident.Incident.ExceptionType,
        Timestamp = incident.Incident.Timestamp,
        IsResolved = incident.Incident.IsResolved,
    };

    public static IncidentState ToIncident(IncidentRow row) => new(
        row.Id,
        new Incident(row.ActivityId, row.ActivityNodeId, row.ActivityExecutionId, row.ActivityType, row.Message, row.ExceptionType, row.Timestamp, row.IsResolved) { Detail = row.Detail });

    public static JournalRow ToRow(JournalEntry entry, string instanceId) => new()
    {
        InstanceId = instanceId,
        Sequence = entry.Sequence,
        Timestamp = entry.Timestamp,
        EventName = entry.EventName,
        ActivityId = entry.ActivityId,
        ActivityNodeId = entry.ActivityNodeId,
        ActivityType = entry.ActivityType,
        ActivityExecutionId = entry.ActivityExecutionId,
        ParentActivityExecutionId = entry.ParentActivityExecutionId,
        ActivityName = entry.ActivityName,
        Message = entry.Message,
        Payload = entry.Payload?.GetRawText(),
    };

    public static JournalEntry ToEntry(JournalRow row) => new()
    {
        Sequence = row.Sequence,
        Timestamp = row.Timestamp,
        EventName = row.EventName,
        ActivityId = row.ActivityId,
        ActivityNodeId = row.ActivityNodeId,
        ActivityType = row.ActivityType,
        ActivityExecutionId = row.ActivityExecutionId,
        ParentActivityExecutionId = row.ParentActivityExecutionId,
        ActivityName = row.ActivityName,
        Message = row.Message,
        Payload = row.Payload is null ? null : Json.Parse(row.Payload),
    };

    public static ImmutableDictionary<string, JsonElement> ReadValues(string? json) =>
        json is null ? ImmutableDictionary<string, JsonElement>.Empty : Json.Read<ImmutableDictionary<string, JsonElement>>(json);
}
