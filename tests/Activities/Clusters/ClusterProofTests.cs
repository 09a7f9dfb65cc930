using VmCluster.Activities.Clusters;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.Activities.Tests.Clusters;

public sealed class ClusterProofTests : IDisposable
{
    private readonly TemporaryHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task Nodes_that_are_as_planned_and_reach_each_other_are_a_cluster()
    {
        var cluster = await PlanAsync();
        Assert.Empty(ClusterProof.Problems(cluster, Reports(cluster), "token"));
    }

    [Fact]
    public async Task A_clone_that_kept_its_sources_identity_is_found()
    {
        var cluster = await PlanAsync();
        var reports = Reports(cluster);
        reports[2] = reports[1] with { Node = "node2" };

        var problems = ClusterProof.Problems(cluster, reports, "token");

        Assert.All(
            ["node2 has the hostname 'node1'", "node1 and node2 share the machine-id", "node1 and node2 share the host key", "node1 and node2 share the MAC", "node2 has not the address"],
            text => Assert.Contains(problems, problem => problem.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_node_that_cannot_reach_another_is_named_with_what_it_heard()
    {
        var cluster = await PlanAsync();
        var reports = Reports(cluster);
        reports[1] = reports[1] with { Reached = new Dictionary<string, string>(reports[1].Reached) { ["fe1"] = "Host key verification failed." } };

        Assert.Equal(["node1 asked for fe1 and got 'Host key verification failed.'"], ClusterProof.Problems(cluster, reports, "token"));
    }

    [Fact]
    public async Task A_node_without_the_shared_folder_is_found()
    {
        var cluster = await PlanAsync();
        var reports = Reports(cluster);
        reports[2] = reports[2] with { Shared = "" };

        Assert.Equal(["node2 does not see in /shared what fe1 wrote"], ClusterProof.Problems(cluster, reports, "token"));
    }

    [Fact]
    public void What_a_node_prints_is_read()
    {
        var report = NodeReport.Parse("fe1", "hostname fe1\nmachine-id abc\nhost-key AAAA\nmac 52:54:00:00:00:01\naddress 10.0.2.15\naddress 192.168.56.11\nshared token\nreached node1 node1\nreached node2 \n");
        Assert.Equal(("fe1", "abc", "AAAA", "token"), (report.Hostname, report.MachineId, report.HostKey, report.Shared));
        Assert.Equal(["10.0.2.15", "192.168.56.11"], report.Addresses);
        Assert.Equal(new Dictionary<string, string> { ["node1"] = "node1", ["node2"] = "" }, report.Reached);
    }

    private Task<ClusterRecord> PlanAsync() => home.Ledger().ReserveAsync(TemporaryHome.Plan());

    private static List<NodeReport> Reports(ClusterRecord cluster) =>
    [
        .. cluster.Nodes.Select(node => new NodeReport(
            node.Name, node.Name, node.MachineId, "key of " + node.Name, [node.NatMac, node.ClusterMac], ["127.0.0.1", "10.0.2.15", node.Address], "token",
            cluster.Nodes.ToDictionary(peer => peer.Name, peer => peer.Name))),
    ];
}
