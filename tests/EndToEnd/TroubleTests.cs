using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Activities;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Processes;
using VmCluster.EndToEnd.Support;

namespace VmCluster.EndToEnd;

/// <summary>What goes wrong while a cluster is built: one clear incident, exit code 6, and the same run can go on.</summary>
public sealed class TroubleTests : IDisposable
{
    private const int Incident = 6;

    private readonly TestHome home = new();
    private readonly HeldProgram qemu;
    private readonly VmClusterCli cli;

    public TroubleTests()
    {
        qemu = new HeldProgram(Directory.CreateDirectory(Path.Combine(home.Root, "bin")).FullName, "qemu-system-x86_64");
        cli = new VmClusterCli(home, qemu.Folder);
    }

    [Fact]
    public async Task A_machine_that_dies_while_it_boots_is_an_incident_and_the_next_up_starts_it_again()
    {
        using (var up = cli.Start("up", "trouble", "--nodes", "1"))
        {
            await Moment.WaitUntilAsync("fe1 boots", () => Task.FromResult(home.QemuProcesses().Count == 1));
            Signals.Send(home.QemuProcesses().Single(), Signals.Kill);
            var result = (await up.WaitAsync()).Expect(Incident);
            Assert.Contains("fe1", result.Error, StringComparison.Ordinal);
        }

        (await cli.RunAsync("up", "trouble")).Expect(0);
        await DestroyLeavesNothing();
    }

    [Fact]
    public async Task A_port_that_somebody_took_after_the_plan_does_not_stop_the_build_silently()
    {
        qemu.Hold("-name [^ ]*fe1");
        using var up = cli.Start("up", "trouble", "--nodes", "1");
        await Moment.WaitUntilAsync("fe1 is about to start", () => Task.FromResult(qemu.Calls > 0));
        using var taken = new TcpListener(IPAddress.Loopback, await SshPortAsync());
        taken.Start();
        qemu.Release();

        var result = (await up.WaitAsync()).Expect(Incident);
        Assert.Contains(((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), result.Error, StringComparison.Ordinal);
        taken.Stop();

        (await cli.RunAsync("up", "trouble")).Expect(0);
        await DestroyLeavesNothing();
    }

    [Fact]
    public async Task A_guest_that_never_answers_is_an_incident_and_is_removed_with_its_cluster()
    {
        var disk = Path.Combine(home.Root, "empty.qcow2");
        await new CommandRunner(TimeProvider.System).RunCheckedAsync(new Command("qemu-img", "create", "-q", "-f", "qcow2", disk, "16M"), default);
        var workflow = Path.Combine(home.Root, "silent.json");
        await File.WriteAllTextAsync(workflow, SilentGuest(disk));

        var result = (await cli.RunAsync("run", workflow)).Expect(Incident);

        Assert.Contains("'fe1' of cluster 'trouble' was not ready within 3 s", result.Error, StringComparison.Ordinal);
        Assert.Single(home.QemuProcesses());
        await DestroyLeavesNothing();
    }

    public void Dispose()
    {
        qemu.Release();
        home.Dispose();
    }

    private static string SilentGuest(string image) => $$"""
        {
          "definitionId": "silent-guest", "name": "Silent guest", "version": 1,
          "root": {
            "id": "steps", "type": "Elsa.Sequence", "version": 1,
            "activities": [
              { "id": "plan", "type": "VmCluster.PlanCluster", "version": 1, "clusterName": {{Text("trouble")}}, "nodeCount": {{Number(1)}}, "image": {{Text(image)}}, "provider": {{Text("qemu")}} },
              { "id": "create", "type": "VmCluster.CreateNode", "version": 1, "clusterName": {{Text("trouble")}} },
              { "id": "start", "type": "VmCluster.StartNode", "version": 1, "clusterName": {{Text("trouble")}}, "readySeconds": {{Number(3)}} }
            ]
          }
        }
        """;

    private static string Text(string value) => $$"""{ "typeName": "String", "expression": { "type": "Literal", "value": "{{value}}" } }""";

    private static string Number(int value) => $$"""{ "typeName": "Int32", "expression": { "type": "Literal", "value": "{{value}}" } }""";

    private async Task<int> SshPortAsync()
    {
        var ledger = new ServiceCollection().AddVmCluster(home.Folder).BuildServiceProvider().GetRequiredService<ClusterLedger>();
        return (await ledger.GetAsync("trouble")).Nodes.Single().SshPort;
    }

    private async Task DestroyLeavesNothing()
    {
        (await cli.RunAsync("destroy", "trouble", "--yes")).Expect(0);
        Assert.Empty(home.Processes());
        Assert.Equal("[]", (await cli.RunAsync("list", "--json")).Expect(0).Output.Trim());
        Assert.False(Directory.Exists(home.Folder.Cluster("trouble")));
    }
}
