using VmCluster.Activities.Clusters;
using VmCluster.Activities.Ssh;
using VmCluster.Workflows;

namespace VmCluster.Activities.Nodes;

[Activity("VmCluster", "VM Cluster", "Shuts a node down: presses its power button, waits, then pulls the plug.", Kind = ActivityKind.Task)]
public sealed class StopNode : NodeActivity
{
    [Input(DisplayName = "Grace", Unit = "s", Description = "Seconds that the node may take to shut down.", DefaultValue = 60, Order = 2)]
    public Input<int> GraceSeconds { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName, string nodeName)
    {
        var (cluster, node, hypervisor) = await GetNodeAsync(context, clusterName, nodeName);
        context.ReportProgress("shutting down");
        await context.GetRequiredService<SshClient>().CloseAsync(cluster, node, context.CancellationToken);
        await hypervisor.StopAsync(cluster.Vm(node), TimeSpan.FromSeconds(GraceSeconds.Get(context)), context.CancellationToken);
    }
}
