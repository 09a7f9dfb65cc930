using VmCluster.Activities.Ledger;
using VmCluster.Activities.Networking;
using VmCluster.Activities.Ssh;
using VmCluster.Workflows;

namespace VmCluster.Activities.Clusters;

[Activity("VmCluster", "VM Cluster",
    "Proves the cluster: from every node to every node by name over SSH, every identity distinct and as planned, /shared written on one node and read on all.",
    Kind = ActivityKind.Task)]
public sealed class VerifyCluster : ClusterActivity
{
    [Output(DisplayName = "Connections", Description = "How many connections between two nodes were proved.")]
    public Output<int> Connections { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName)
    {
        var cluster = await GetClusterAsync(context, clusterName);
        var ssh = context.GetRequiredService<SshClient>();
        var frontEnd = cluster.Nodes[0];
        var token = context.Id;
        var tokenFile = $"{GuestConfiguration.SharedFolder}/.vmcluster-verify";

        await ssh.RunCheckedAsync(cluster, frontEnd, "writing to /shared", $"echo {token} >{tokenFile}", null, context.CancellationToken);
        context.ReportProgress("asking every node about every other");
        var reports = await Task.WhenAll(cluster.Nodes.Select(async node =>
            NodeReport.Parse(node.Name, await ssh.RunCheckedAsync(cluster, node, "looking at the other nodes", NodeReport.Script(cluster, tokenFile), null, context.CancellationToken))));
        await ssh.RunCheckedAsync(cluster, frontEnd, "tidying up /shared", $"rm -f {tokenFile}", null, context.CancellationToken);

        if (ClusterProof.Problems(cluster, reports, token) is { Count: > 0 } problems)
            throw new ClusterNotProvedException(cluster.Name, problems);
        context.AddExecutionLogEntry("Verified", $"{cluster.Nodes.Count} nodes, each reached from each", reports);
        await context.GetRequiredService<ClusterLedger>().MarkVerifiedAsync(cluster.Name, context.CancellationToken);
        context.Set(Connections, cluster.Nodes.Count * (cluster.Nodes.Count - 1));
    }
}

/// <summary>The nodes are up, but they are not the cluster that was planned.</summary>
public sealed class ClusterNotProvedException(string cluster, IReadOnlyList<string> problems)
    : VmClusterException($"Cluster '{cluster}' is not as it should be: {string.Join("; ", problems)}", "Run ConfigureNetwork and ConnectCluster again; if one node is the cause, delete and create it anew.");
