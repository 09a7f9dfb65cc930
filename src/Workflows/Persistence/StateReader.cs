using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Persistence;

/// <summary>Reads the state of a run from what its last transaction left.</summary>
internal static class StateReader
{
    private static readonly string[] Live = [nameof(ActivityStatus.Pending), nameof(ActivityStatus.Running), nameof(ActivityStatus.Faulted)];

    public static async Task<WorkflowState> ReadAsync(WorkflowDbContext context, InstanceRow instance, WorkflowGraph graph, ActivityRegistry registry, CancellationToken cancellationToken)
    {
        var rows = await context.Executions.AsNoTracking().Where(row => row.InstanceId == instance.Id && Live.Contains(row.Status)).OrderBy(row => row.Order).ToListAsync(cancellationToken);
        var executions = rows.ConvertAll(row => RowMapping.ToState(row, graph.Nodes[row.ActivityNodeId]));
        var bookmarks = (await context.Bookmarks.AsNoTracking().Where(row => row.InstanceId == instance.Id).ToListAsync(cancellationToken)).ConvertAll(RowMapping.ToState);
        var variables = await context.Variables.AsNoTracking().Where(row => row.InstanceId == instance.Id).ToListAsync(cancellationToken);
        var incidents = await context.Incidents.AsNoTracking().Where(row => row.InstanceId == instance.Id).ToListAsync(cancellationToken);
        var waiting = bookmarks.Select(bookmark => bookmark.ExecutionId).ToHashSet();

        return new WorkflowState
        {
            Instance = RowMapping.ToInstance(instance, incidents),
            Graph = graph,
            StartedBy = instance.StartedBy,
            Executions = executions.ToImmutableDictionary(execution => execution.Id),
            Children = executions.Where(execution => execution.ParentId is not null)
                .GroupBy(execution => execution.ParentId!)
                .ToImmutableDictionary(group => group.Key, group => group.Select(execution => execution.Id).ToImmutableHashSet()),
            Active = executions.Where(IsActive).Select(execution => execution.Id).ToImmutableHashSet(),
            Queue = [.. executions.Where(execution => execution.Status == ActivityStatus.Pending).Select(execution => execution.Id)],
            Bookmarks = bookmarks.ToImmutableDictionary(bookmark => bookmark.Id),
            Variables = variables.GroupBy(row => row.OwnerId)
                .ToImmutableDictionary(group => group.Key, group => group.ToImmutableDictionary(row => row.VariableId, row => new VariableState(row.Name, Json.Parse(row.Value)))),
            Incidents = incidents.Select(RowMapping.ToIncident).ToImmutableDictionary(incident => incident.Id),
            LastOutputs = await ReadLastOutputsAsync(context, instance.Id, cancellationToken),
            Completed = [.. await context.Executions.Where(row => row.InstanceId == instance.Id && row.Status == nameof(ActivityStatus.Completed)).Select(row => row.ActivityNodeId).Distinct().ToListAsync(cancellationToken)],
            IsHalted = true,
            NextSequence = instance.NextSequence,
            NextId = instance.NextId,
        };

        bool IsActive(ExecutionState execution) =>
            execution.Status == ActivityStatus.Running
            && !waiting.Contains(execution.Id)
            && registry.Find(execution.Node.Type)?.Prototype is not (null or Container);
    }

    private static async Task<ImmutableDictionary<string, LastOutput>> ReadLastOutputsAsync(WorkflowDbContext context, string instanceId, CancellationToken cancellationToken)
    {
        var completed = context.Executions.AsNoTracking().Where(row => row.InstanceId == instanceId && row.Outputs != null && row.CompletedSequence != null);
        var latest = await completed.GroupBy(row => row.ActivityId).Select(group => group.Max(row => row.CompletedSequence)).ToListAsync(cancellationToken);
        var rows = await completed.Where(row => latest.Contains(row.CompletedSequence)).ToListAsync(cancellationToken);
        return rows.ToImmutableDictionary(row => row.ActivityId, row => new LastOutput(row.CompletedSequence!.Value, RowMapping.ReadValues(row.Outputs)));
    }
}
