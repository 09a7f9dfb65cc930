using System.Text.Json;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Processes;
using VmCluster.EndToEnd.Support;
using VmCluster.Workflows.Execution;

namespace VmCluster.EndToEnd;

/// <summary>One real cluster of three nodes that all tests of the class look at; building it takes a minute or more.</summary>
public sealed class BuiltCluster : IAsyncLifetime
{
    public const string Name = "built";

    public TestHome Home { get; } = new();

    public LocalEngine Engine { get; private set; } = null!;

    public WorkflowInstance Run { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Engine = new LocalEngine(Home);
        Run = await Engine.RunAsync("build-cluster", ("ClusterName", Name));
    }

    public async Task DisposeAsync()
    {
        await Engine.RunAsync("destroy-cluster", ("ClusterName", Name));
        await Engine.DisposeAsync();
        Home.Dispose();
    }
}

public sealed class ClusterTests(BuiltCluster built) : IClassFixture<BuiltCluster>
{
    private const string Cluster = BuiltCluster.Name;

    private readonly LocalEngine engine = built.Engine;

    [Fact]
    public void The_build_ends_with_a_checked_job_result_from_three_nodes()
    {
        var result = built.Run.Output["Result"].GetString();
        Assert.StartsWith("mean of 300000 squares = 30000150000.1667", result, StringComparison.Ordinal);
        Assert.Contains("fe1, node1, node2", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_node_answers_with_its_own_name()
    {
        foreach (var node in (await engine.Ledger.GetAsync(Cluster)).Nodes)
            Assert.Equal(node.Name, await engine.AskAsync(Cluster, node.Name, "hostname"));
    }

    [Fact]
    public async Task A_node_reaches_another_by_name_with_strict_host_keys_and_without_a_password()
    {
        Assert.Equal("node2", await engine.AskAsync(Cluster, "node1", "ssh -n -o StrictHostKeyChecking=yes -o BatchMode=yes node2 hostname"));
    }

    [Fact]
    public async Task A_plain_ssh_client_can_use_the_clusters_configuration()
    {
        var cluster = await engine.Ledger.GetAsync(Cluster);
        var result = await new CommandRunner(TimeProvider.System).RunCheckedAsync(new Command("ssh", "-F", cluster.SshConfig(), "node1", "hostname"), CancellationToken.None);
        Assert.Equal("node1", result.Output.Trim());
    }

    [Fact]
    public async Task What_a_node_writes_to_the_shared_folder_the_others_read()
    {
        await engine.AskAsync(Cluster, "node1", "echo from-node1 >/shared/note");
        Assert.Equal("from-node1", await engine.AskAsync(Cluster, "node2", "cat /shared/note"));
        Assert.Equal("/shared 192.168.56.0/24(rw,sync,no_subtree_check)", await engine.AskAsync(Cluster, "fe1", "cat /etc/exports.d/vmcluster.exports"));
    }

    [Fact]
    public async Task The_journal_has_each_command_with_exit_code_and_duration_and_no_key()
    {
        var journal = await engine.JournalAsync(built.Run.Id);
        var commands = journal.Where(entry => entry.EventName == "Command").Select(entry => entry.Payload!.Value).ToList();

        Assert.Contains(commands, command => Text(command, "command").StartsWith("genisoimage", StringComparison.Ordinal));
        Assert.Contains(commands, command => Text(command, "command").StartsWith("ssh ", StringComparison.Ordinal) && Text(command, "node") == "node2");
        Assert.All(commands, command => Assert.True(command.GetProperty("seconds").GetDouble() >= 0 && command.GetProperty("exitCode").GetInt32() >= 0));
        var key = (await File.ReadAllLinesAsync((await engine.Ledger.GetAsync(Cluster)).Key()))[2];
        Assert.DoesNotContain(journal, entry => entry.Payload?.GetRawText().Contains(key, StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_node_that_was_stopped_starts_again_as_the_same_node()
    {
        var cluster = await engine.Ledger.GetAsync(Cluster);
        var hypervisor = engine.Get<IEnumerable<IHypervisor>>().First(h => h.Name == cluster.Provider);
        await engine.AskAsync(Cluster, "node1", "echo kept >~/kept");
        await hypervisor.StopAsync(cluster.Vm(cluster.Node("node1")), TimeSpan.FromMinutes(1), CancellationToken.None);

        await engine.RunAsync("start-cluster", ("ClusterName", Cluster));

        Assert.Equal("kept", await engine.AskAsync(Cluster, "node1", "cat ~/kept"));
        Assert.Equal(cluster.Node("node1").MachineId, await engine.AskAsync(Cluster, "node1", "cat /etc/machine-id"));
    }

    [Fact]
    public async Task Nodes_are_added_while_the_others_go_on()
    {
        var before = built.Home.QemuProcesses();
        var up = await engine.AskAsync(Cluster, "fe1", "cat /proc/sys/kernel/random/boot_id");

        await engine.RunAsync("add-node", ("ClusterName", Cluster));

        var added = (await engine.Ledger.GetAsync(Cluster)).Nodes[^1].Name;
        Assert.Equal(added, await engine.AskAsync(Cluster, "fe1", $"ssh -n {added} hostname"));
        Assert.Equal("fe1", await engine.AskAsync(Cluster, added, "ssh -n fe1 hostname"));
        Assert.Contains($"{added} slots=1", await engine.AskAsync(Cluster, "fe1", "cat /etc/vmcluster/hosts.mpi"), StringComparison.Ordinal);
        Assert.Subset(built.Home.QemuProcesses().ToHashSet(), before.ToHashSet());
        Assert.Equal(up, await engine.AskAsync(Cluster, "fe1", "cat /proc/sys/kernel/random/boot_id"));
    }

    private static string Text(JsonElement payload, string name) => payload.GetProperty(name).GetString() ?? "";
}
