using VmCluster.Activities.Ledger;
using VmCluster.EndToEnd.Support;

namespace VmCluster.EndToEnd;

/// <summary>The order of the book: the first node runs and gets its software, and is cloned then.</summary>
public sealed class ClusterByTheBookTests : IDisposable
{
    private readonly TestHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task Clones_of_a_node_that_has_run_have_its_software_and_an_identity_of_their_own()
    {
        await using var engine = new LocalEngine(home);
        await engine.RunAsync("build-cluster-by-the-book", ("ClusterName", "book"), ("NodeCount", 2));

        Assert.Equal("hello from node1", await engine.AskAsync("book", "node1", "hello"));
        var cluster = await engine.Ledger.GetAsync("book");
        foreach (var node in cluster.Nodes)
            Assert.Equal($"{node.Name} {node.MachineId}", await engine.AskAsync("book", node.Name, "echo $(hostname) $(cat /etc/machine-id)"));
        Assert.NotNull(cluster.VerifiedAt);

        await engine.RunAsync("destroy-cluster", ("ClusterName", "book"));

        Assert.Empty(home.Processes());
        Assert.False(Directory.Exists(home.Folder.Cluster("book")));
        Assert.Empty(await engine.Ledger.ListAsync());
        Assert.All(cluster.Nodes, node => Assert.True(LocalPorts.OfThisComputer.IsTcpPortFree(node.SshPort)));
    }
}
