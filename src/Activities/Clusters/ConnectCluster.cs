using VmCluster.Activities.Identity;
using VmCluster.Activities.Networking;
using VmCluster.Workflows;

namespace VmCluster.Activities.Clusters;

[Activity("VmCluster", "VM Cluster",
    "Makes one cluster of running nodes: each knows the names and host keys of all, the list of MPI hosts is at " + GuestFiles.MpiHosts + ", and the front end's /shared is mounted on the others.",
    Kind = ActivityKind.Task)]
public sealed class ConnectCluster : ClusterActivity
{
    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName)
    {
        context.ReportProgress("sharing /shared");
        await context.GetRequiredService<GuestConfiguration>().ShareAsync(await GetClusterAsync(context, clusterName), context.CancellationToken);
    }
}
