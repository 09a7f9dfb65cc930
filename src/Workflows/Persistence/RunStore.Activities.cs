using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Persistence;

/// <summary>What the activities of a run did.</summary>
public sealed partial class RunStore
{
    /// <summary>The executions of a run's activities, or of one of them, in the order of their creation.</summary>
    public async Task<IReadOnlyList<ActivityExecution>> ActivitiesAsync(string instanceId, string? activityNodeId = null, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is null
            ? []
            : await ReadAsync(
                context,
                context.Executions.Where(row => row.InstanceId == instanceId && (activityNodeId == null || row.ActivityNodeId == activityNodeId)),
                cancellationToken);
    }

    /// <summary>One execution of an activity; null where there is none of that id.</summary>
    public async Task<ActivityExecution?> FindActivityAsync(string executionId, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is null ? null : (await ReadAsync(context, context.Executions.Where(row => row.Id == executionId), cancellationToken)).SingleOrDefault();
    }

    /// <summary>An execution and what it runs in, the workflow first; empty where there is none of that id.</summary>
    public async Task<IReadOnlyList<ActivityExecution>> CallStackAsync(string executionId, CancellationToken cancellationToken = default)
    {
        var stack = new List<ActivityExecution>();
        for (string? id = executionId; id is not null && await FindActivityAsync(id, cancellationToken) is { } execution; id = execution.ParentId)
            stack.Insert(0, execution);

        return stack;
    }

    /// <summary>Statistics of those of the named activities that have begun.</summary>
    public async Task<IReadOnlyList<ActivityStats>> StatsAsync(string instanceId, IReadOnlyCollection<string> activityNodeIds, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        if (context is null)
            return [];

        var waiting = await context.Bookmarks.Where(row => row.InstanceId == instanceId).Select(row => row.ActivityNodeId).Distinct().ToListAsync(cancellationToken);
        return await context.Executions
            .Where(row => row.InstanceId == instanceId && activityNodeIds.Contains(row.ActivityNodeId) && row.Status != nameof(ActivityStatus.Pending))
            .GroupBy(row => new { row.ActivityId, row.ActivityNodeId })
            .OrderBy(group => group.Min(row => row.Order))
            .Select(group => new ActivityStats(
                group.Key.ActivityId,
                group.Key.ActivityNodeId,
                group.Count(),
                group.Count(row => row.CompletedAt != null),
                waiting.Contains(group.Key.ActivityNodeId),
                group.Any(row => row.Status == nameof(ActivityStatus.Faulted)),
                group.Any(row => row.Attempt > 1)))
            .ToListAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<ActivityExecution>> ReadAsync(WorkflowDbContext context, IQueryable<ExecutionRow> query, CancellationToken cancellationToken)
    {
        var rows = await query.AsNoTracking().OrderBy(row => row.Order).ToListAsync(cancellationToken);
        if (rows is not [var first, ..])
            return [];

        var waiting = await context.Bookmarks.Where(row => row.InstanceId == first.InstanceId).Select(row => row.ExecutionId).Distinct().ToHashSetAsync(cancellationToken);
        var incidents = await context.Incidents.AsNoTracking().Where(row => row.InstanceId == first.InstanceId && !row.IsResolved).OrderBy(row => row.Timestamp).ToListAsync(cancellationToken);
        var latest = incidents.GroupBy(row => row.ActivityExecutionId).ToDictionary(group => group.Key, group => group.Last());
        return rows.ConvertAll(row => RowMapping.ToExecution(row, waiting.Contains(row.Id), latest.GetValueOrDefault(row.Id)));
    }
}
