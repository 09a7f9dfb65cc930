using VmCluster.Workflows;

namespace VmCluster.Activities.Clusters;

[Activity("VmCluster", "VM Cluster", "Looks a cluster up: which nodes it has.")]
public sealed class FindCluster : ClusterActivity
{
    [Output(DisplayName = "Nodes", Description = "The names of all nodes, the front end first.")]
    public Output<IReadOnlyList<string>> Nodes { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName)
    {
        var cluster = await GetClusterAsync(context, clusterName);
        context.Set(Nodes, [.. cluster.Nodes.Select(node => node.Name)]);
    }
}
