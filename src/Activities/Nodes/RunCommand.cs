using VmCluster.Activities.Clusters;
using VmCluster.Activities.Ssh;
using VmCluster.Workflows;

namespace VmCluster.Activities.Nodes;

[Activity("VmCluster", "VM Cluster", "Runs a shell command on a node as the cluster's user, who may use sudo. It may run twice if the computer fails meanwhile.", Kind = ActivityKind.Task)]
public sealed class RunCommand : NodeActivity
{
    [Input(DisplayName = "Command", Description = "For sh on the node, for instance: sudo apt-get install -y htop", UIHint = InputUIHints.CodeEditor, Language = "shell", Order = 2)]
    public Input<string> Command { get; set; } = new();

    [Input(DisplayName = "Time limit", Unit = "s", Description = "Seconds that it may take.", DefaultValue = 600, Order = 3)]
    public Input<int> TimeoutSeconds { get; set; } = new();

    [Output(DisplayName = "Command output", Description = "What it printed on standard output.")]
    public Output<string> CommandOutput { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName, string nodeName)
    {
        var cluster = await GetClusterAsync(context, clusterName);
        context.Set(CommandOutput, await context.GetRequiredService<SshClient>().RunCheckedAsync(
            cluster, cluster.Node(nodeName), "the command", Command.Get(context) ?? "", TimeSpan.FromSeconds(TimeoutSeconds.Get(context)), context.CancellationToken));
    }
}
