using System.Globalization;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.EndToEnd;
using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>The contract on VirtualBox, and what VirtualBox alone does with VMs that run. They seem to: the real VBoxManage does all the rest.</summary>
public sealed class VirtualBoxContractTests : HypervisorContract, IDisposable
{
    private readonly VirtualBoxHome home = new();
    private readonly VirtualBoxHypervisor virtualBox;
    private int made;

    public VirtualBoxContractTests() => virtualBox = home.NewHypervisor(home.Runner, program: RealVBoxManage.WithDriver);

    protected override IHypervisor Hypervisor => virtualBox;

    public override Task InitializeAsync() => Task.CompletedTask;

    public void Dispose() => home.Dispose();

    protected override VmSpec Describe(VmReference vm)
    {
        var number = Interlocked.Increment(ref made);
        return home.Spec("fe1", index: number) with
        {
            Vm = vm,
            Nat = new NatNic(string.Create(CultureInfo.InvariantCulture, $"52:54:00:00:00:{number:x2}"), VirtualBoxHome.FreePort()),
            Network = VirtualBoxHome.Network(number),
        };
    }

    [VirtualBoxFact]
    public async Task The_source_of_a_linked_clone_is_not_deleted_before_it()
    {
        var source = await CreateAsync("fe1");
        var clone = await CloneAsync("node1", source);

        var error = await Assert.ThrowsAsync<VirtualBoxException>(() => virtualBox.DeleteAsync(source.Vm, default));

        Assert.Equal(VirtualBoxFault.InUse, error.Fault);
        Assert.Contains("Delete the linked clones first", error.Message, StringComparison.Ordinal);
        await virtualBox.StartAsync(clone.Vm, default);
        Assert.Equal(VmState.Running, await StateAsync(clone));
    }

    [VirtualBoxFact]
    public async Task A_guest_that_minds_the_power_button_has_its_plug_left_in()
    {
        var spec = await CreateAsync("fe1");
        await virtualBox.StartAsync(spec.Vm, default);

        await virtualBox.StopAsync(spec.Vm, TimeSpan.FromMinutes(1), default);

        Assert.Equal(VmState.Stopped, await StateAsync(spec));
        Assert.DoesNotContain(home.Runner.Commands, command => command.Arguments.Contains("poweroff"));
    }

    [VirtualBoxFact]
    public async Task A_guest_that_is_deaf_to_the_power_button_is_unplugged()
    {
        var spec = await CreateAsync("fe1");
        await virtualBox.StartAsync(spec.Vm, default);
        home.WriteRunning(spec.Vm, "deaf", "");

        await virtualBox.StopAsync(spec.Vm, TimeSpan.FromMilliseconds(1), default);

        Assert.Equal(VmState.Stopped, await StateAsync(spec));
        Assert.Contains(home.Runner.Commands, command => command.Arguments.Contains("poweroff"));
    }

    [VirtualBoxTheory]
    [InlineData("paused")]
    [InlineData("gurumeditation")]
    public async Task A_VM_that_VirtualBox_has_halted_is_stalled_and_starts_again_when_it_was_stopped(string state)
    {
        var spec = await CreateAsync("fe1");
        await virtualBox.StartAsync(spec.Vm, default);
        home.WriteRunning(spec.Vm, "state", state);

        Assert.Equal((VmState.Stalled, state), ((await virtualBox.FindAsync(spec.Vm, default))!.State, (await virtualBox.FindAsync(spec.Vm, default))!.Detail));
        var error = await Assert.ThrowsAsync<VmStartException>(() => virtualBox.StartAsync(spec.Vm, default));
        Assert.Contains("Free space on the disk", error.Message, StringComparison.Ordinal);

        await virtualBox.StopAsync(spec.Vm, TimeSpan.Zero, default);
        await virtualBox.StartAsync(spec.Vm, default);
        Assert.Equal(VmState.Running, await StateAsync(spec));
    }

    [VirtualBoxFact]
    public async Task A_VM_whose_process_was_killed_is_stopped_and_starts_again()
    {
        var spec = await CreateAsync("fe1");
        await virtualBox.StartAsync(spec.Vm, default);
        var killed = (await virtualBox.FindAsync(spec.Vm, default))!.ProcessId!.Value;
        await KillAsync(killed);

        Assert.Equal("aborted", (await virtualBox.FindAsync(spec.Vm, default))!.Detail);
        await virtualBox.StartAsync(spec.Vm, default);

        Assert.NotEqual(killed, (await virtualBox.FindAsync(spec.Vm, default))!.ProcessId);
    }

    [VirtualBoxFact]
    public async Task A_port_that_is_taken_is_reported_with_its_number_before_the_start()
    {
        var spec = await CreateAsync("fe1");
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, spec.Nat.SshPort);
        listener.Start();

        var error = await Assert.ThrowsAsync<VmStartException>(() => virtualBox.StartAsync(spec.Vm, default));

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"port {spec.Nat.SshPort} on 127.0.0.1 is taken"), error.Message, StringComparison.Ordinal);
        Assert.Equal(VmState.Stopped, await StateAsync(spec));
    }

    private static async Task KillAsync(int id)
    {
        using var process = System.Diagnostics.Process.GetProcessById(id);
        process.Kill();
        await process.WaitForExitAsync();
    }
}
