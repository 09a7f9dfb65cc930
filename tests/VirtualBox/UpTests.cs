using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Activities;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.Activities.Ledger;
using VmCluster.EndToEnd.Support;
using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>The command line on a computer that has VirtualBox but not its kernel driver.</summary>
public sealed class UpTests : IDisposable
{
    private const int Refused = 5;
    private const int Incident = 6;

    private readonly VirtualBoxHome virtualBox = new();
    private readonly TestHome home = new();
    private readonly VmClusterCli cli;

    public UpTests() => cli = new VmClusterCli(home, virtualBox.WriteProgram());

    public void Dispose()
    {
        home.Dispose();
        virtualBox.Dispose();
    }

    [VirtualBoxFact]
    public async Task Without_the_driver_up_is_refused_with_the_remedy_and_nothing_is_made()
    {
        var up = (await UpAsync()).Expect(Refused);

        Assert.Contains("VirtualBox's kernel driver is not loaded", up.Error, StringComparison.Ordinal);
        Assert.Contains("sudo apt install virtualbox-dkms", up.Error, StringComparison.Ordinal);
        Assert.Contains("--force", up.Error, StringComparison.Ordinal);
        Assert.Equal("", await virtualBox.RegisteredAsync());
        Assert.Equal("[]", (await cli.RunAsync("list", "--json")).Expect(0).Output.Trim());
    }

    [VirtualBoxFact]
    public async Task Forced_it_goes_as_far_as_the_boot_can_be_resumed_and_destroy_leaves_VirtualBox_as_it_was()
    {
        var up = (await UpAsync("--force", "--memory", "1024", "--cpus", "2", "--disk", "12")).Expect(Incident);

        Assert.Contains("did not start: VirtualBox's kernel driver is not loaded", up.Error, StringComparison.Ordinal);
        Assert.Single(up.Error.Split('\n'), line => line.Contains(" failed: Node '", StringComparison.Ordinal) && line.Contains("sudo modprobe vboxdrv", StringComparison.Ordinal));
        Assert.Contains("vmcluster up demo", up.Error, StringComparison.Ordinal);
        var cluster = await ClusterAsync();
        Assert.Equal(["fe1", "node1", "node2"], cluster.Nodes.Select(node => node.Name));
        foreach (var node in cluster.Nodes)
            await AssertAsPlannedAsync(cluster, node);

        var registered = await virtualBox.RegisteredAsync();
        (await cli.RunAsync("up", "demo")).Expect(Incident);
        Assert.Equal(registered, await virtualBox.RegisteredAsync());

        (await cli.RunAsync("destroy", "demo", "--yes")).Expect(0);
        Assert.Equal("", await virtualBox.RegisteredAsync());
        Assert.False(Directory.Exists(home.Folder.Cluster("demo")));
    }

    private Task<CliResult> UpAsync(params string[] more) => cli.RunAsync(["up", "demo", "--provider", "virtualbox", "--image", virtualBox.Image, .. more]);

    private Task<ClusterRecord> ClusterAsync()
        => new ServiceCollection().AddVmCluster(home.Folder).BuildServiceProvider().GetRequiredService<ClusterLedger>().GetAsync("demo");

    private async Task AssertAsPlannedAsync(ClusterRecord cluster, NodeRecord node)
    {
        var machine = await virtualBox.ShowAsync(cluster.Vm(node));
        Assert.Equal(($"demo-{node.Name}", "/vmcluster/demo", "poweroff"), (machine.Name, machine.Groups, machine.State));
        Assert.Equal(("1024", "2"), (machine["memory"], machine["cpus"]));
        Assert.Equal(("nat", SpecRules.Plain(node.NatMac)), (machine["nic1"], machine["macaddress1"]));
        Assert.Equal([(1, string.Create(CultureInfo.InvariantCulture, $"SSH,tcp,127.0.0.1,{node.SshPort},,22"))], machine.Forwards);
        Assert.Equal(("intnet", SpecRules.Plain(node.ClusterMac)), (machine["nic2"], machine["macaddress2"]));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"vmcluster-demo-{cluster.Segment}"), machine["intnet2"]);
        Assert.Contains("Capacity:       12288 MBytes", await virtualBox.VBoxManageAsync("showmediuminfo", "disk", machine.Medium("SATA", 0)!), StringComparison.Ordinal);
        Assert.Equal(Path.Combine(cluster.NodeFolder(node), "seed.iso"), machine.Medium("SATA", 1));
    }
}
