using System.Text.Json;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Api;

/// <summary>A row of the journal as Studio reads it.</summary>
internal sealed record JournalModel(
    string Id,
    string ActivityInstanceId,
    string? ParentActivityInstanceId,
    string ActivityId,
    string ActivityType,
    string? ActivityName,
    string NodeId,
    DateTimeOffset Timestamp,
    long Sequence,
    string EventName,
    string? Message,
    JsonElement? Payload)
{
    public int ActivityTypeVersion => 1;
    public string? Source => null;
    public JsonElement? ActivityState => null;

    public static JournalModel Of(string runId, JournalEntry entry) => new(
        $"{runId}-{entry.Sequence}", entry.ActivityExecutionId, entry.ParentActivityExecutionId, entry.ActivityId, entry.ActivityType, entry.ActivityName,
        entry.ActivityNodeId, entry.Timestamp, entry.Sequence, entry.EventName, entry.Message, entry.Payload);

    public JournalEntry ToEntry() => new()
    {
        Sequence = Sequence,
        Timestamp = Timestamp,
        EventName = EventName,
        ActivityId = ActivityId,
        ActivityNodeId = NodeId,
        ActivityType = ActivityType,
        ActivityExecutionId = ActivityInstanceId,
        ParentActivityExecutionId = ParentActivityInstanceId,
        ActivityName = ActivityName,
        Message = Message,
        Payload = Payload,
    };
}
