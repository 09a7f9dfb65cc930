using VmCluster.Activities.Clusters;
using VmCluster.Activities.Hypervisors;
using VmCluster.Workflows;

namespace VmCluster.Activities.Nodes;

[Activity("VmCluster", "VM Cluster", "Creates the VM of a planned node as a clone of a stopped one. The clone has an identity of its own, also when its source has run.", Kind = ActivityKind.Task)]
public sealed class CloneNode : NodeActivity
{
    [Input(DisplayName = "Source", Description = "The node to clone; it must be stopped.", DefaultValue = "fe1", Order = 2)]
    public Input<string> Source { get; set; } = new();

    [Input(DisplayName = "Kind of clone", Description = "Linked: shares the source's disk as it is now, takes little time and space. Full: has a disk of its own.",
        UIHint = InputUIHints.DropDown, Options = [nameof(CloneKind.Linked), nameof(CloneKind.Full)], DefaultValue = nameof(CloneKind.Linked), Order = 3)]
    public Input<CloneKind> Kind { get; set; } = new();

    [Output(DisplayName = "Cloned node", Description = "The new node's name.")]
    public Output<string> ClonedNode { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName, string nodeName)
    {
        var (cluster, node, hypervisor) = await GetNodeAsync(context, clusterName, nodeName);
        if (await hypervisor.FindAsync(cluster.Vm(node), context.CancellationToken) is null)
        {
            context.ReportProgress("cloning the disk");
            var source = cluster.Node(Source.Get(context) ?? "");
            var spec = await CreateNode.NewSpecAsync(context, cluster, node);
            await hypervisor.CloneAsync(spec, cluster.Vm(source), Kind.Get(context), context.CancellationToken);
        }

        context.Set(ClonedNode, node.Name);
    }
}
