using VmCluster.Activities.Clusters;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Nodes;
using VmCluster.Workflows;

namespace VmCluster.Activities.Networking;

[Activity("VmCluster", "VM Cluster",
    "Connects the nodes to the cluster's private network: NIC, fixed address, /etc/hosts and pinned host keys. A stopped node finds them when it boots; a running one that has the NIC is brought up to date.",
    Kind = ActivityKind.Task)]
public sealed class ConfigureNetwork : ClusterActivity
{
    [Input(DisplayName = "Nodes", Description = "The nodes to configure; all of the cluster if empty.", UIHint = InputUIHints.MultiText, Order = 1)]
    public Input<IReadOnlyList<string>?> NodeNames { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName)
    {
        var cluster = await GetClusterAsync(context, clusterName);
        var nodes = NodeNames.Get(context) is { Count: > 0 } names ? [.. names.Select(cluster.Node)] : cluster.Nodes;
        await Task.WhenAll(nodes.Select(node => ConfigureAsync(context, cluster, node)));
    }

    private static async Task ConfigureAsync(ActivityExecutionContext context, ClusterRecord cluster, NodeRecord node)
    {
        var hypervisor = HypervisorOf(context, cluster);
        var vm = await hypervisor.FindAsync(cluster.Vm(node), context.CancellationToken) ?? throw new VmNotFoundException(cluster.Vm(node));
        if (vm.State == VmState.Stopped)
        {
            var seed = await context.GetRequiredService<ClusterIdentity>().WriteSeedAsync(cluster, node, withNetwork: true, context.CancellationToken);
            var network = new ClusterNic(node.ClusterMac, cluster.Segment);
            if (vm.Spec.Network != network || vm.Spec.SeedPath != seed)
                await hypervisor.ConfigureAsync(vm.Spec with { Network = network, SeedPath = seed }, context.CancellationToken);
            return;
        }

        if (vm.Spec.Network is null)
            throw new VmRunningException(cluster.Vm(node), "given another NIC");
        await context.GetRequiredService<GuestConfiguration>().UpdateFilesAsync(cluster, node, context.CancellationToken);
        var facts = await context.GetRequiredService<NodeReadiness>().AskAsync(cluster, node, context.CancellationToken);
        if (facts.Differences(node, withNetwork: true) is { Count: > 0 } differences)
            throw new NodeIdentityException(cluster.Name, node.Name, differences);
    }
}
