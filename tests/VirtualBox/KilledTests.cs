using System.Globalization;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>
/// The process dies at the first, second, third ... call of VBoxManage that changes something, in everything that is
/// done to a node, and another one does it again: nothing is there twice, and nothing is left over.
/// </summary>
public abstract class KilledTests : IDisposable
{
    private const int Killed = 137;

    private readonly VirtualBoxHome home = new();
    private readonly string moment;

    protected KilledTests(string moment) => this.moment = moment;

    public void Dispose()
    {
        home.Dispose();
        GC.SuppressFinalize(this);
    }

    [VirtualBoxFact]
    public async Task What_died_at_any_call_is_completed_by_the_next_try_with_nothing_twice_and_nothing_left_over()
    {
        var killing = new KillingVBoxManage(home, moment);
        var nodes = new List<string> { "fe1" };
        await home.Hypervisor.CreateAsync(home.Spec("fe1"), default);

        foreach (var operation in BuildProcess.Making)
        {
            var deaths = await SweepAsync(killing, operation, call => string.Create(CultureInfo.InvariantCulture, $"{operation}{call}"));
            Assert.True(deaths >= (operation == "configure" ? 1 : 3), $"'{operation}' died at {deaths} calls");
            if (operation != "configure")
                nodes.AddRange(Enumerable.Range(1, deaths + 1).Select(call => string.Create(CultureInfo.InvariantCulture, $"{operation}{call}")));
        }

        Assert.Equal(nodes.Select(node => $"demo-{node}").Order(StringComparer.Ordinal), (await RegisteredNamesAsync()).Order(StringComparer.Ordinal));

        var victims = new Stack<string>(nodes);
        Assert.True(await SweepAsync(killing, "delete", _ => victims.Pop()) >= 1);
        while (victims.TryPop(out var node))
            await home.Hypervisor.DeleteAsync(home.Vm(node), default);
        Assert.Equal("", await home.RegisteredAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Data.Cluster("demo")));
    }

    /// <summary>Does an operation, each time to another node, killed at one call later each time and then done again; returns how often it died.</summary>
    private async Task<int> SweepAsync(KillingVBoxManage killing, string operation, Func<int, string> nodeOf)
    {
        for (var call = 1; ; call++)
        {
            var node = nodeOf(call);
            killing.KillAt(call);
            var exitCode = await BuildProcess.RunAsync(home, killing.Program, operation, node, call);
            if (exitCode == 0)
                return call - 1;
            Assert.Equal(Killed, exitCode);

            if (operation is not ("configure" or "delete") && await home.Hypervisor.FindAsync(home.Vm(node), default) is not null)
                await AssertAsPlannedAsync(operation, node, call);

            // A call that goes on alone is waited for only if it is older than the process.
            if (moment == "during")
                Assert.Equal(0, await BuildProcess.RunAsync(home, RealVBoxManage.Program, operation, node, call));
            else
                await BuildProcess.DoAsync(home, home.Hypervisor, operation, node, call);
            if (operation != "delete")
                await AssertAsPlannedAsync(operation, node, call);
        }
    }

    private async Task AssertAsPlannedAsync(string operation, string node, int index)
    {
        var spec = operation == "configure"
            ? home.Spec("fe1") with { MemoryMiB = 512 + index, Network = VirtualBoxHome.Network(index) }
            : home.Spec(node, index: index);
        var machine = await home.ShowAsync(spec.Vm);
        Assert.Empty(MachineSettings.Difference(spec, machine));
        Assert.Equal(spec.SeedPath, machine.Medium("SATA", 1));
        Assert.StartsWith(spec.Vm.MachineFolder(), machine.Medium("SATA", 0), StringComparison.Ordinal);
    }

    private async Task<IEnumerable<string>> RegisteredNamesAsync()
        => (await home.VBoxManageAsync("list", "vms")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('"')[1]);
}

public sealed class KilledBeforeACallTests() : KilledTests("before");

public sealed class KilledDuringACallTests() : KilledTests("during");

public sealed class KilledAfterACallTests() : KilledTests("after");
