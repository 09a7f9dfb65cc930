using VmCluster.Activities.Nodes;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.Activities.Tests.Nodes;

public sealed class NodeFactsTests : IDisposable
{
    private readonly TemporaryHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task A_node_that_says_what_was_planned_differs_in_nothing()
    {
        var node = (await home.Ledger().ReserveAsync(TemporaryHome.Plan())).Nodes[0];
        var facts = NodeFacts.Parse($"hostname fe1\nmachine-id {node.MachineId}\nmac {node.ClusterMac}\naddress 192.168.56.11\ncloud-init {{\"v1\":{{\"errors\":[\"no locale\"]}}}}\n");

        Assert.Empty(facts.Differences(node, withNetwork: true));
        Assert.Equal(["no locale"], facts.CloudInitErrors);
    }

    [Fact]
    public async Task Each_difference_is_named()
    {
        var node = (await home.Ledger().ReserveAsync(TemporaryHome.Plan())).Nodes[0];
        var facts = NodeFacts.Parse("hostname localhost\nmachine-id 0\naddress 10.0.2.15\n");

        Assert.Equal(2, facts.Differences(node, withNetwork: false).Count);
        Assert.Equal(4, facts.Differences(node, withNetwork: true).Count);
        Assert.Empty(facts.CloudInitErrors);
    }
}
