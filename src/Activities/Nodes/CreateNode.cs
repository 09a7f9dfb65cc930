using VmCluster.Activities.Clusters;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Images;
using VmCluster.Activities.Ledger;
using VmCluster.Workflows;

namespace VmCluster.Activities.Nodes;

[Activity("VmCluster", "VM Cluster", "Creates the VM of a planned node, with a disk made from the cluster's image, or, where that is an installer's ISO, with the system installed. It is not started.", Kind = ActivityKind.Task)]
public sealed class CreateNode : NodeActivity
{
    [Output(DisplayName = "Created node", Description = "The node's name.")]
    public Output<string> CreatedNode { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName, string nodeName)
    {
        var (cluster, node, hypervisor) = await GetNodeAsync(context, clusterName, nodeName);
        if (await hypervisor.FindAsync(cluster.Vm(node), context.CancellationToken) is null)
        {
            var spec = await NewSpecAsync(context, cluster, node);
            context.ReportProgress(spec.Image.IsInstaller ? "installing the system from its ISO, which takes 10 to 20 minutes" : "making the disk");
            await hypervisor.CreateAsync(spec, context.CancellationToken);
        }

        context.Set(CreatedNode, node.Name);
    }

    /// <summary>The node's VM as it is made: the cluster's network is not yet connected.</summary>
    internal static async Task<VmSpec> NewSpecAsync(ActivityExecutionContext context, ClusterRecord cluster, NodeRecord node)
    {
        var image = await EnsureImageAsync(context, cluster.Image);
        return new VmSpec
        {
            Vm = cluster.Vm(node),
            Cpus = cluster.Cpus,
            MemoryMiB = cluster.MemoryMiB,
            DiskGiB = cluster.DiskGiB,
            Image = image,
            Nat = new NatNic(node.NatMac, node.SshPort),
            SeedPath = await context.GetRequiredService<ClusterIdentity>().WriteSeedAsync(cluster, node, withNetwork: false, context.CancellationToken),
        };
    }

    internal static Task<BootImage> EnsureImageAsync(ActivityExecutionContext context, string image)
    {
        var progress = new Progress(context);
        return context.GetRequiredService<ImageCatalog>().EnsureAsync(image, progress, context.CancellationToken);
    }

    /// <summary>Reports at once and in order, which <see cref="System.Progress{T}"/> does not.</summary>
    private sealed class Progress(ActivityExecutionContext context) : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value) => context.ReportProgress(value.Message, value.Fraction);
    }
}
