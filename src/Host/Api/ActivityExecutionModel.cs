using System.Text.Json;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Api;

/// <summary>One execution of an activity as Studio reads it. Inputs and outputs go by the names of the descriptor.</summary>
internal sealed record ActivityExecutionModel(
    string Id,
    string WorkflowInstanceId,
    string ActivityId,
    string ActivityNodeId,
    string ActivityType,
    string? ActivityName,
    IReadOnlyDictionary<string, JsonElement> ActivityState,
    IReadOnlyDictionary<string, JsonElement> Payload,
    IReadOnlyDictionary<string, JsonElement> Outputs,
    IReadOnlyDictionary<string, bool> Metadata,
    ExceptionModel? Exception,
    DateTimeOffset StartedAt,
    DateTimeOffset? CompletedAt,
    bool HasBookmarks,
    ActivityStatus Status,
    int Attempt,
    string? SchedulingActivityExecutionId,
    int CallStackDepth)
{
    private const string OutcomesName = "Outcomes";

    public int ActivityTypeVersion => 1;
    public int AggregateFaultCount => Exception is null ? 0 : 1;
    public string? SchedulingActivityId => null;
    public string? SchedulingWorkflowInstanceId => null;

    // Studio goes through these and must not find null.
    public IReadOnlyDictionary<string, object> Properties { get; } = new Dictionary<string, object>();

    /// <param name="execution">The execution.</param>
    /// <param name="depth">How many executions it runs in, where that is known.</param>
    public static ActivityExecutionModel Of(ActivityExecution execution, int depth = 0)
    {
        var payload = new Dictionary<string, JsonElement>(execution.JournalData);
        if (execution.Outcomes is { } outcomes)
            payload[OutcomesName] = JsonSerializer.SerializeToElement(outcomes);

        return new ActivityExecutionModel(
            execution.Id, execution.InstanceId, execution.ActivityId, execution.ActivityNodeId, execution.ActivityType, execution.ActivityName,
            execution.Inputs, payload, execution.Outputs, RetryMetadata.Of(execution.Attempt > 1),
            execution.Incident is { } incident ? ExceptionModel.Of(incident) : null,
            execution.StartedAt, execution.CompletedAt, execution.HasBookmarks, execution.Status, execution.Attempt, execution.ParentId, depth);
    }

    public ActivityExecution ToExecution() => new()
    {
        Id = Id,
        InstanceId = WorkflowInstanceId,
        ParentId = SchedulingActivityExecutionId,
        ActivityId = ActivityId,
        ActivityNodeId = ActivityNodeId,
        ActivityType = ActivityType,
        ActivityName = ActivityName,
        Status = Status,
        Attempt = Attempt,
        StartedAt = StartedAt,
        CompletedAt = CompletedAt,
        Outcomes = Payload.TryGetValue(OutcomesName, out var outcomes) ? outcomes.Deserialize<List<string>>() : null,
        Inputs = ActivityState,
        Outputs = Outputs,
        JournalData = Payload.Where(entry => entry.Key != OutcomesName).ToDictionary(),
    };
}

/// <summary>What the badge on an activity shows.</summary>
internal sealed record ActivityStatsModel(
    string ActivityId, string ActivityNodeId, int StartedCount, int CompletedCount, bool IsBlocked, bool IsFaulted, IReadOnlyDictionary<string, bool> Metadata)
{
    public int UncompletedCount => StartedCount - CompletedCount;

    public static ActivityStatsModel Of(ActivityStats stats) =>
        new(stats.ActivityId, stats.ActivityNodeId, stats.Started, stats.Completed, stats.IsBlocked, stats.IsFaulted, RetryMetadata.Of(stats.WasRetried));
}

internal static class RetryMetadata
{
    public static IReadOnlyDictionary<string, bool> Of(bool wasRetried) => wasRetried ? new Dictionary<string, bool> { ["HasRetryAttempts"] = true } : new Dictionary<string, bool>();
}
