using VmCluster.Activities.Clusters;
using VmCluster.Activities.Ssh;
using VmCluster.Workflows;

namespace VmCluster.Activities.Nodes;

[Activity("VmCluster", "VM Cluster", "Copies a file of this computer to a node.", Kind = ActivityKind.Task)]
public sealed class CopyFile : NodeActivity
{
    [Input(DisplayName = "Source", Description = "Absolute path on this computer.", Order = 2)]
    public Input<string> SourcePath { get; set; } = new();

    [Input(DisplayName = "Target", Description = "Absolute path on the node.", Order = 3)]
    public Input<string> TargetPath { get; set; } = new();

    [Input(DisplayName = "Mode", Description = "The file's permissions, octal.", DefaultValue = "0644", Order = 4)]
    public Input<string> Mode { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName, string nodeName)
    {
        var source = SourcePath.Get(context) ?? "";
        var target = TargetPath.Get(context) ?? "";
        if (!File.Exists(source) || !target.StartsWith('/'))
            throw new CopyPathException(source, target);
        var cluster = await GetClusterAsync(context, clusterName);
        await context.GetRequiredService<SshClient>().CopyAsync(cluster, cluster.Node(nodeName), source, target, Mode.Get(context) ?? "0644", context.CancellationToken);
    }
}

public sealed class CopyPathException(string source, string target)
    : VmClusterException($"'{source}' cannot be copied to '{target}'", "The source must be a file of this computer, and the target an absolute path on the node.");
