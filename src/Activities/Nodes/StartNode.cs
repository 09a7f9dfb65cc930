using System.Globalization;
using VmCluster.Activities.Clusters;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Ledger;
using VmCluster.Workflows;

namespace VmCluster.Activities.Nodes;

[Activity("VmCluster", "VM Cluster", "Starts a node and waits until it can be used; checks from inside that it is the node that was planned.", Kind = ActivityKind.Task)]
public sealed class StartNode : NodeActivity
{
    // Software emulation on a busy computer; a disk with a boot loader and an untrimmed system takes about three times as long.
    private static readonly TimeSpan DirectBootLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan DiskBootLimit = TimeSpan.FromMinutes(10);

    [Input(DisplayName = "Ready within", Unit = "s", Description = "Seconds until the node must be ready. 0: 300 for images that boot their kernel directly, 600 for others.", DefaultValue = 0, Order = 2)]
    public Input<int> ReadySeconds { get; set; } = new();

    [Output(DisplayName = "Address", Description = "The node's address on the cluster network.")]
    public Output<string> Address { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName, string nodeName)
    {
        var (cluster, node, hypervisor) = await GetNodeAsync(context, clusterName, nodeName);
        var vm = await hypervisor.FindAsync(cluster.Vm(node), context.CancellationToken) ?? throw new VmNotFoundException(cluster.Vm(node));
        if (vm.State == VmState.Stopped)
        {
            context.ReportProgress("starting");
            (cluster, node) = await FreePortAsync(context, cluster, node, hypervisor, vm.Spec);
            await hypervisor.StartAsync(cluster.Vm(node), context.CancellationToken);
        }

        var limit = ReadySeconds.Get(context) is > 0 and var seconds ? TimeSpan.FromSeconds(seconds)
            : vm.Spec.Image.KernelPath is null ? DiskBootLimit : DirectBootLimit;
        var facts = await context.GetRequiredService<NodeReadiness>()
            .WaitAsync(cluster, node, hypervisor, limit, message => context.ReportProgress(message), context.CancellationToken);
        if (facts.Differences(node, withNetwork: vm.Spec.Network is not null) is { Count: > 0 } differences)
            throw new NodeIdentityException(cluster.Name, node.Name, differences);
        context.AddExecutionLogEntry("Ready", $"{node.Name} is up", facts);
        if (facts.CloudInitErrors.Count > 0)
            context.AddExecutionLogEntry("Warning", $"cloud-init of {node.Name} reports: {string.Join("; ", facts.CloudInitErrors)}");
        context.Set(Address, node.Address);
    }

    /// <summary>The planned port is used if it is still free; else the node gets another one.</summary>
    private static async Task<(ClusterRecord Cluster, NodeRecord Node)> FreePortAsync(
        ActivityExecutionContext context, ClusterRecord cluster, NodeRecord node, IHypervisor hypervisor, VmSpec spec)
    {
        if (!context.GetRequiredService<LocalPorts>().IsTcpPortFree(node.SshPort))
        {
            var taken = node.SshPort;
            cluster = await context.GetRequiredService<ClusterLedger>().ReplaceSshPortAsync(node, context.CancellationToken);
            node = cluster.Node(node.Name);
            context.AddExecutionLogEntry("PortChanged", string.Create(CultureInfo.InvariantCulture,
                $"Port {taken} of {node.Name} was taken by another program since it was planned; it is {node.SshPort} now"));
        }

        if (spec.Nat.SshPort != node.SshPort)
            await hypervisor.ConfigureAsync(spec with { Nat = spec.Nat with { SshPort = node.SshPort } }, context.CancellationToken);
        await context.GetRequiredService<ClusterIdentity>().EnsureAsync(cluster, context.CancellationToken);
        return (cluster, node);
    }
}
