using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Processes;
using VmCluster.Workflows;

namespace VmCluster.Activities.Clusters;

/// <summary>A step that works on one cluster. Its commands go to the journal.</summary>
public abstract class ClusterActivity : CodeActivity
{
    [Input(DisplayName = "Cluster", Description = "The cluster's name.", DefaultValue = "demo", Order = 0)]
    public Input<string> ClusterName { get; set; } = new();

    protected sealed override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        using var journal = context.GetRequiredService<CommandJournal>().Begin(context);
        await RunAsync(context, ClusterName.Get(context) ?? "");
    }

    protected abstract Task RunAsync(ActivityExecutionContext context, string clusterName);

    private protected static Task<ClusterRecord> GetClusterAsync(ActivityExecutionContext context, string clusterName) =>
        context.GetRequiredService<ClusterLedger>().GetAsync(clusterName, context.CancellationToken);

    private protected static IHypervisor HypervisorOf(ActivityExecutionContext context, ClusterRecord cluster) =>
        context.GetRequiredService<HypervisorChoice>().Get(cluster.Provider);
}

/// <summary>A step that works on one node of a cluster.</summary>
public abstract class NodeActivity : ClusterActivity
{
    [Input(DisplayName = "Node", Description = "The node's name: fe1, node1, node2, ...", DefaultValue = "fe1", Order = 1)]
    public Input<string> NodeName { get; set; } = new();

    protected sealed override async Task RunAsync(ActivityExecutionContext context, string clusterName)
    {
        var nodeName = NodeName.Get(context) ?? "";
        using var about = context.GetRequiredService<CommandJournal>().About(nodeName);
        await RunAsync(context, clusterName, nodeName);
    }

    protected abstract Task RunAsync(ActivityExecutionContext context, string clusterName, string nodeName);

    private protected static async Task<(ClusterRecord Cluster, NodeRecord Node, IHypervisor Hypervisor)> GetNodeAsync(ActivityExecutionContext context, string clusterName, string nodeName)
    {
        var cluster = await GetClusterAsync(context, clusterName);
        return (cluster, cluster.Node(nodeName), HypervisorOf(context, cluster));
    }
}
