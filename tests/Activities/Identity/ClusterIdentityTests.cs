using System.Text.Json;
using System.Text.Json.Nodes;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Processes;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.Activities.Tests.Identity;

public sealed class ClusterIdentityTests : IDisposable
{
    private readonly TemporaryHome home = new();
    private readonly CommandRunner commands = new(TimeProvider.System);
    private readonly ClusterIdentity identity;

    public ClusterIdentityTests() => identity = new ClusterIdentity(commands);

    public void Dispose()
    {
        identity.Dispose();
        home.Dispose();
    }

    [Fact]
    public async Task Every_node_has_a_host_key_of_its_own_that_is_pinned_by_name_and_by_port()
    {
        var cluster = await PlanAsync();
        var keys = await identity.EnsureAsync(cluster, CancellationToken.None);

        Assert.Equal(3, keys.Values.Distinct().Count());
        foreach (var node in cluster.Nodes)
        {
            Assert.Contains(KeyOf(keys[node.Name]), await LookUpAsync(cluster, node.Name), StringComparison.Ordinal);
            Assert.Contains(KeyOf(keys[node.Name]), await LookUpAsync(cluster, $"[127.0.0.1]:{node.SshPort}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Keys_are_made_once_also_by_steps_that_run_side_by_side()
    {
        var cluster = await PlanAsync();
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => identity.EnsureAsync(cluster, CancellationToken.None)));
        var again = await new ClusterIdentity(commands).EnsureAsync(cluster, CancellationToken.None);

        Assert.All(made, keys => Assert.Equal(again, keys));
    }

    [Fact]
    public async Task Only_the_owner_may_read_keys_and_seeds()
    {
        var cluster = await PlanAsync();
        var seed = await identity.WriteSeedAsync(cluster, cluster.Nodes[0], withNetwork: true, CancellationToken.None);

        Assert.All([seed, cluster.Key(), cluster.HostKey(cluster.Nodes[0]), cluster.SshConfig()], file => Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(file), 8)));
        Assert.All([cluster.Folder, cluster.NodeFolder(cluster.Nodes[0])], folder => Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(folder), 8)));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(cluster.Folder, "*", SearchOption.AllDirectories), path => path.Contains(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_seed_is_a_NoCloud_volume_with_three_documents()
    {
        var cluster = await PlanAsync();
        var node = cluster.Node("node1");
        var seed = await identity.WriteSeedAsync(cluster, node, withNetwork: true, CancellationToken.None);

        var volume = await commands.RunCheckedAsync(new Command("isoinfo", "-d", "-i", seed), CancellationToken.None);
        Assert.Contains("Volume id: CIDATA", volume.Output, StringComparison.Ordinal);
        Assert.Equal("node1", (string?)JsonNode.Parse(await ReadAsync(seed, "meta-data"))!["local-hostname"]);

        var userData = await ReadAsync(seed, "user-data");
        Assert.StartsWith("#cloud-config\n", userData, StringComparison.Ordinal);
        var user = JsonNode.Parse(userData[userData.IndexOf('\n', StringComparison.Ordinal)..])!;
        Assert.Equal("node1", (string?)user["hostname"]);
        Assert.Equal(await File.ReadAllTextAsync(cluster.HostKey(node)), (string?)user["ssh_keys"]!["ed25519_private"]);
        var files = user["write_files"]!.AsArray().ToDictionary(file => (string)file!["path"]!, file => (string)file!["content"]!);
        Assert.Contains($"{cluster.Node("node2").Address} node2\n", files["/etc/hosts"], StringComparison.Ordinal);
        Assert.Equal("fe1 slots=1\nnode1 slots=1\nnode2 slots=1\n", files["/etc/vmcluster/hosts.mpi"]);

        var network = JsonNode.Parse(await ReadAsync(seed, "network-config"))!;
        Assert.Equal(node.ClusterMac, (string?)network["ethernets"]!["eth1"]!["match"]!["macaddress"]);
        Assert.Equal(node.Address + "/24", (string?)network["ethernets"]!["eth1"]!["addresses"]![0]);
    }

    [Fact]
    public async Task The_instance_id_changes_with_the_identity_and_with_nothing_else()
    {
        var cluster = await PlanAsync();
        var (first, second) = (cluster.Nodes[0], cluster.Nodes[1]);
        var id = await InstanceIdAsync(cluster, first, withNetwork: true);

        Assert.Equal(id, await InstanceIdAsync(cluster, first, withNetwork: true));
        Assert.NotEqual(id, await InstanceIdAsync(cluster, second, withNetwork: true));
        Assert.NotEqual(id, await InstanceIdAsync(cluster, first, withNetwork: false));

        await home.Ledger().ReserveNodesAsync("demo", 1, "run-2");
        Assert.Equal(id, await InstanceIdAsync(await home.Ledger().GetAsync("demo"), first, withNetwork: true));
    }

    [Fact]
    public async Task The_ssh_client_reads_the_configuration_as_it_is_meant()
    {
        var cluster = await PlanAsync();
        await identity.EnsureAsync(cluster, CancellationToken.None);
        var node = cluster.Node("node2");

        var read = (await commands.RunCheckedAsync(new Command("ssh", "-G", "-F", cluster.SshConfig(), "node2"), CancellationToken.None)).Output.Split('\n');

        Assert.All(
            ["hostname 127.0.0.1", $"port {node.SshPort}", "user vmcluster", "stricthostkeychecking true", "batchmode yes", "identitiesonly yes", "controlmaster auto", "hostkeyalias node2"],
            line => Assert.Contains(line, read));
        Assert.Contains(read, line => line.StartsWith("userknownhostsfile ", StringComparison.Ordinal) && line.Contains(cluster.KnownHosts(), StringComparison.Ordinal));
    }

    private Task<ClusterRecord> PlanAsync() => home.Ledger().ReserveAsync(TemporaryHome.Plan());

    private static string KeyOf(string line) => line.Split(' ')[1];

    private async Task<string> LookUpAsync(ClusterRecord cluster, string host) =>
        (await commands.RunCheckedAsync(new Command("ssh-keygen", "-F", host, "-f", cluster.KnownHosts()), CancellationToken.None)).Output;

    private async Task<string> ReadAsync(string seed, string file) =>
        (await commands.RunCheckedAsync(new Command("isoinfo", "-R", "-i", seed, "-x", "/" + file), CancellationToken.None)).Output;

    private async Task<string?> InstanceIdAsync(ClusterRecord cluster, NodeRecord node, bool withNetwork)
    {
        var seed = await identity.WriteSeedAsync(cluster, node, withNetwork, CancellationToken.None);
        return JsonDocument.Parse(await ReadAsync(seed, "meta-data")).RootElement.GetProperty("instance-id").GetString();
    }
}
