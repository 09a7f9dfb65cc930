using System.Net;
using System.Net.Sockets;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Nodes;
using VmCluster.Activities.Processes;
using VmCluster.Activities.Ssh;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.Activities.Tests.Nodes;

public sealed class NodeReadinessTests : IDisposable
{
    private readonly TemporaryHome home = new();
    private readonly FakeHypervisor hypervisor = new();
    private readonly CommandJournal journal = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task A_VM_that_dies_while_it_boots_ends_the_wait_at_once_with_the_end_of_its_console()
    {
        var cluster = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        hypervisor.Add(cluster.Vm(cluster.Nodes[0]), VmState.Stopped);
        Directory.CreateDirectory(cluster.NodeFolder(cluster.Nodes[0]));
        await File.WriteAllTextAsync(Path.Combine(cluster.NodeFolder(cluster.Nodes[0]), "console.log"), "Loading\r\n\u001b[1mKernel panic\r\n");

        var error = await Assert.ThrowsAsync<NodeDiedException>(() => WaitAsync(cluster, TimeProvider.System));

        Assert.All(["'fe1'", "Stopped", "Kernel panic"], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guest_that_never_answers_is_given_up_after_its_time()
    {
        var cluster = await home.Ledger().ReserveAsync(TemporaryHome.Plan());
        hypervisor.Add(cluster.Vm(cluster.Nodes[0]), VmState.Running);

        var error = await Assert.ThrowsAsync<NodeNotReadyException>(() => WaitAsync(cluster, new HurryingTime()));

        Assert.All(["'fe1'", "300 s", "its SSH server does not answer", "console"], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_lets_us_in_says_what_it_is()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        var cluster = await home.Ledger(taken: [.. Enumerable.Range(22222, port - 22222)]).ReserveAsync(TemporaryHome.Plan());
        hypervisor.Add(cluster.Vm(cluster.Nodes[0]), VmState.Running);
        var greeting = GreetAsync(server);

        var facts = await WaitAsync(cluster, TimeProvider.System);

        Assert.Equal("fe1", facts.Hostname);
        await greeting;
    }

    private static async Task GreetAsync(TcpListener server)
    {
        using var client = await server.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync("SSH-2.0-Test\r\n"u8.ToArray());
    }

    private Task<NodeFacts> WaitAsync(ClusterRecord cluster, TimeProvider time)
    {
        var ssh = new SshClient(new ScriptedCommands(_ => (0, "hostname fe1\n", "")), journal);
        return new NodeReadiness(ssh, journal, time).WaitAsync(cluster, cluster.Nodes[0], hypervisor, TimeSpan.FromMinutes(5), _ => { }, CancellationToken.None);
    }
}
