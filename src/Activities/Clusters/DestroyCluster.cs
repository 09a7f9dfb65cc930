using VmCluster.Activities.Ledger;
using VmCluster.Activities.Nodes;
using VmCluster.Workflows;

namespace VmCluster.Activities.Clusters;

[Activity("VmCluster", "VM Cluster", "Removes a cluster with all its nodes, disks, keys and reservations. Succeeds if it is gone already.", Kind = ActivityKind.Task)]
public sealed class DestroyCluster : ClusterActivity
{
    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName)
    {
        if (await context.GetRequiredService<ClusterLedger>().FindAsync(clusterName, context.CancellationToken) is { } cluster)
            await context.GetRequiredService<NodeRemoval>().RemoveAsync(cluster, context.CancellationToken);
    }
}
