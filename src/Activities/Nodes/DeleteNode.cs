using VmCluster.Activities.Clusters;
using VmCluster.Activities.Ledger;
using VmCluster.Workflows;

namespace VmCluster.Activities.Nodes;

[Activity("VmCluster", "VM Cluster", "Removes a node with its VM, disk, keys and reservations. Succeeds if it is gone already.", Kind = ActivityKind.Task)]
public sealed class DeleteNode : NodeActivity
{
    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName, string nodeName)
    {
        var cluster = await context.GetRequiredService<ClusterLedger>().FindAsync(clusterName, context.CancellationToken);
        if (cluster?.Nodes.FirstOrDefault(node => node.Name == nodeName) is { } node)
            await context.GetRequiredService<NodeRemoval>().RemoveAsync(cluster!, node, context.CancellationToken);
    }
}
