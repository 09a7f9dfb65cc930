using VmCluster.Activities.Identity;
using VmCluster.Activities.Ledger;
using VmCluster.Workflows;

namespace VmCluster.Activities.Clusters;

[Activity("VmCluster", "VM Cluster", "Plans more nodes for an existing cluster: reserves their names, addresses and ports.")]
public sealed class PlanNodes : ClusterActivity
{
    [Input(DisplayName = "Count", Description = "How many nodes to add.", DefaultValue = 1, Order = 1)]
    public Input<int> Count { get; set; } = new();

    [Output(DisplayName = "New nodes", Description = "The names of the planned nodes.")]
    public Output<IReadOnlyList<string>> NewNodes { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName)
    {
        var cluster = await GetClusterAsync(context, clusterName);
        var count = Count.Get(context);
        var planned = cluster.Nodes.Count(node => node.RunId == context.WorkflowInstanceId);
        var problems = Preflight.Count(cluster.Nodes.Count - planned + count, atLeast: cluster.Nodes.Count - planned + 1)
            .Concat(Preflight.Memory(Preflight.AvailableMemoryMiB(), count - planned, cluster.MemoryMiB));
        PreflightException.ThrowIfAny(problems);
        var nodes = await context.GetRequiredService<ClusterLedger>().ReserveNodesAsync(clusterName, count, context.WorkflowInstanceId, context.CancellationToken);
        await context.GetRequiredService<ClusterIdentity>().EnsureAsync(await GetClusterAsync(context, clusterName), context.CancellationToken);
        context.Set(NewNodes, [.. nodes.Select(node => node.Name)]);
    }
}
