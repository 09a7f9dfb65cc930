using VmCluster.Activities.Ledger;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.Activities.Tests.Ledger;

public sealed class ClusterLedgerTests : IDisposable
{
    private readonly TemporaryHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task Without_a_database_there_are_no_clusters()
    {
        Assert.Empty(await home.Ledger().ListAsync());
        Assert.Null(await home.Ledger().FindAsync("demo"));
        Assert.False(File.Exists(home.Folder.Database));
    }

    [Fact]
    public async Task A_planned_cluster_has_a_name_an_address_a_port_and_MACs_for_each_node()
    {
        var cluster = await home.Ledger().ReserveAsync(TemporaryHome.Plan());

        Assert.Equal(["fe1", "node1", "node2"], cluster.Nodes.Select(n => n.Name));
        Assert.Equal(["192.168.56.11", "192.168.56.12", "192.168.56.13"], cluster.Nodes.Select(n => n.Address));
        Assert.Equal([22222, 22223, 22224], cluster.Nodes.Select(n => n.SshPort));
        var macs = cluster.Nodes.SelectMany(n => new[] { n.NatMac, n.ClusterMac }).ToList();
        Assert.All(macs, mac => Assert.Matches("^52:54:00(:[0-9a-f]{2}){3}$", mac));
        Assert.Equal(6, macs.Distinct().Count());
        Assert.Equal(3, cluster.Nodes.Select(n => n.MachineId).Distinct().Count());
    }

    [Fact]
    public async Task What_was_planned_is_read_back_by_another_process()
    {
        var planned = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        var read = await home.Ledger().GetAsync("demo");

        Assert.Equivalent(planned, read, strict: true);
    }

    [Fact]
    public async Task The_same_run_gets_what_it_reserved_before()
    {
        var first = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        var again = await home.Ledger(seed: 2).ReserveAsync(TemporaryHome.Plan());

        Assert.Equivalent(first, again, strict: true);
    }

    [Fact]
    public async Task A_name_that_another_run_has_taken_is_refused()
    {
        await home.Ledger().ReserveAsync(TemporaryHome.Plan());

        await Assert.ThrowsAsync<ClusterNameTakenException>(() => home.Ledger().ReserveAsync(TemporaryHome.Plan(run: "run-2")));
    }

    [Fact]
    public async Task Clusters_that_are_planned_at_the_same_time_share_nothing()
    {
        // Equal seeds: the ledgers draw the same MACs and must notice.
        var clusters = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => home.Ledger().ReserveAsync(TemporaryHome.Plan($"c{i}", $"run-{i}")))));

        var nodes = clusters.SelectMany(c => c.Nodes).ToList();
        Assert.Equal(8, clusters.Select(c => c.Segment).Distinct().Count());
        Assert.Equal(24, nodes.Select(n => n.SshPort).Distinct().Count());
        Assert.Equal(48, nodes.SelectMany(n => new[] { n.NatMac, n.ClusterMac }).Distinct().Count());
        Assert.Equal(24, nodes.Select(n => n.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_port_that_another_program_listens_on_is_left_out() =>
        Assert.Equal([22222, 22224, 22225], (await home.Ledger(taken: 22223).ReserveAsync(TemporaryHome.Plan())).Nodes.Select(n => n.SshPort));

    [Fact]
    public async Task A_segment_that_another_program_uses_is_left_out() =>
        Assert.Equal(5563, (await home.Ledger(taken: [5561, 5562]).ReserveAsync(TemporaryHome.Plan())).Segment);

    [Fact]
    public async Task Added_nodes_come_after_those_that_there_are_and_are_added_once()
    {
        var ledger = home.Ledger();
        await ledger.ReserveAsync(TemporaryHome.Plan());

        var added = await ledger.ReserveNodesAsync("demo", 2, "run-2");
        var again = await ledger.ReserveNodesAsync("demo", 2, "run-2");

        Assert.Equal(["node3", "node4"], added.Select(n => n.Name));
        Assert.Equivalent(added, again, strict: true);
        Assert.Equal(["fe1", "node1", "node2", "node3", "node4"], (await ledger.GetAsync("demo")).Nodes.Select(n => n.Name));
    }

    [Fact]
    public async Task A_subnet_without_room_for_one_more_node_is_refused()
    {
        await home.Ledger().ReserveAsync(TemporaryHome.Plan(nodes: 4, subnet: "10.9.8.0/28"));

        var error = await Assert.ThrowsAsync<SubnetFullException>(() => home.Ledger().ReserveNodesAsync("demo", 1, "run-2"));
        Assert.Contains("4 nodes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_can_get_another_port()
    {
        var ledger = home.Ledger();
        var node = (await ledger.ReserveAsync(TemporaryHome.Plan())).Nodes[1];

        var cluster = await ledger.ReplaceSshPortAsync(node);

        Assert.NotEqual(node.SshPort, cluster.Node("node1").SshPort);
        Assert.Equal(3, cluster.Nodes.Select(n => n.SshPort).Distinct().Count());
    }

    [Fact]
    public async Task What_is_removed_is_free_again()
    {
        var ledger = home.Ledger();
        var first = await ledger.ReserveAsync(TemporaryHome.Plan());
        await ledger.RemoveNodeAsync(first.Nodes[2].Id);
        Assert.Equal(["fe1", "node1"], (await ledger.GetAsync("demo")).Nodes.Select(n => n.Name));

        await ledger.RemoveAsync("demo");
        await ledger.RemoveAsync("demo");

        Assert.Empty(await ledger.ListAsync());
        Assert.Equal(first.Segment, (await ledger.ReserveAsync(TemporaryHome.Plan("other", "run-2"))).Segment);
    }

    [Fact]
    public async Task A_proof_is_recorded()
    {
        var ledger = home.Ledger();
        await ledger.ReserveAsync(TemporaryHome.Plan());
        await ledger.MarkVerifiedAsync("demo");
        Assert.NotNull((await ledger.GetAsync("demo")).VerifiedAt);
    }

    [Fact]
    public async Task An_unknown_node_is_answered_with_the_known_ones()
    {
        var cluster = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        var error = Assert.Throws<NodeNotFoundException>(() => cluster.Node("node9"));
        Assert.Contains("fe1, node1, node2", error.Message, StringComparison.Ordinal);
    }
}
