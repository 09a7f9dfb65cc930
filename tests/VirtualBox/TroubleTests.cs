using System.Diagnostics;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.Activities.Processes;
using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>A full disk, and the end of VBoxSVC, VirtualBox's own server.</summary>
public sealed class TroubleTests : IDisposable
{
    private readonly VirtualBoxHome home = new();
    private bool isMounted;

    public void Dispose()
    {
        home.KillServers();
        if (isMounted)
            Run("umount", "--lazy", home.Data.Root);
        home.Dispose();
    }

    [VirtualBoxFact]
    public async Task A_disk_that_fills_up_while_a_node_is_cloned_leaves_no_half_and_the_step_succeeds_when_there_is_room()
    {
        home.FillImage("150M");
        Mount("240M");
        var spec = home.Spec("fe1");
        var clone = home.Spec("node1", index: 1);
        await home.Hypervisor.CreateAsync(spec, default);

        var error = await Assert.ThrowsAsync<VirtualBoxException>(() => home.Hypervisor.CloneAsync(clone, spec.Vm, CloneKind.Full, default));

        Assert.Equal(VirtualBoxFault.NoSpace, error.Fault);
        Assert.Contains("Node 'node1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Free space", error.Remedy, StringComparison.Ordinal);
        Resize("500M");
        await home.Hypervisor.CloneAsync(clone, spec.Vm, CloneKind.Full, default);
        Assert.Equal("demo-node1", (await home.ShowAsync(clone.Vm)).Name);
        Assert.Equal(2, Media.Parse(await home.VBoxManageAsync("list", "hdds")).Count);
    }

    [VirtualBoxFact]
    public async Task Nothing_is_changed_where_the_disk_is_so_full_that_VirtualBox_would_lose_its_settings()
    {
        Mount("100M");
        var spec = home.Spec("fe1");
        await home.Hypervisor.CreateAsync(spec, default);
        var settings = await File.ReadAllBytesAsync(spec.Vm.SettingsFile());
        await File.WriteAllBytesAsync(Path.Combine(home.Data.Root, "filler"), new byte[60 << 20]);

        var error = await Assert.ThrowsAsync<VirtualBoxException>(() => home.Hypervisor.ConfigureAsync(spec with { MemoryMiB = 1024 }, default));

        Assert.Equal(VirtualBoxFault.NoSpace, error.Fault);
        Assert.Equal(settings, await File.ReadAllBytesAsync(spec.Vm.SettingsFile()));
    }

    [VirtualBoxFact]
    public async Task Settings_that_a_full_disk_has_emptied_are_restored()
    {
        var spec = home.Spec("fe1");
        await home.Hypervisor.CreateAsync(spec, default);
        home.KillServers();
        await File.WriteAllTextAsync(spec.Vm.SettingsFile(), "");

        await home.Hypervisor.ConfigureAsync(spec with { MemoryMiB = 1024 }, default);

        Assert.Equal("1024", (await home.ShowAsync(spec.Vm))["memory"]);
    }

    [VirtualBoxFact]
    public async Task A_server_that_is_killed_in_the_middle_of_a_clone_costs_only_time()
    {
        home.FillImage("400M");
        var spec = home.Spec("fe1");
        var clone = home.Spec("node1", index: 1);
        await home.Hypervisor.CreateAsync(spec, default);
        var killed = 0;
        var hypervisor = home.NewHypervisor(new DisturbingRunner(home.Runner, command => command.Arguments is ["clonevm", ..] && killed == 0, async () =>
        {
            await UntilAsync(() => File.Exists(clone.Vm.DiskPath()));
            killed = home.KillServers();
        }));

        await hypervisor.CloneAsync(clone, spec.Vm, CloneKind.Full, default);

        Assert.Equal(1, killed);
        Assert.Equal(clone.Vm.DiskPath(), (await home.ShowAsync(clone.Vm)).Medium("SATA", 0));
        Assert.Equal(2, Media.Parse(await home.VBoxManageAsync("list", "hdds")).Count);
    }

    [VirtualBoxTheory]
    [InlineData(true)]
    [InlineData(false)] // As when it is interrupted before it listens for that: VBoxSVC goes on without it.
    public async Task A_step_that_is_cancelled_in_the_middle_of_a_clone_leaves_no_half_of_it(bool hasTimeToUndo)
    {
        home.FillImage("400M");
        var spec = home.Spec("fe1");
        var clone = home.Spec("node1", index: 1);
        await home.Hypervisor.CreateAsync(spec, default);
        using var cancelled = new CancellationTokenSource();
        var hypervisor = home.NewHypervisor(new DisturbingRunner(new HastyRunner(home.Runner, hasTimeToUndo), command => command.Arguments is ["clonevm", ..], async () =>
        {
            await UntilAsync(() => File.Exists(clone.Vm.DiskPath()));
            await cancelled.CancelAsync();
        }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hypervisor.CloneAsync(clone, spec.Vm, CloneKind.Full, cancelled.Token));

        // On a busy computer the clone may have been whole before it was told to end.
        var isWhole = (await home.RegisteredAsync()).Contains("\"demo-node1\"", StringComparison.Ordinal);
        Assert.Equal(isWhole, File.Exists(clone.Vm.DiskPath()));
        Assert.Equal(isWhole ? 2 : 1, Media.Parse(await home.VBoxManageAsync("list", "hdds")).Count);
        await home.Hypervisor.CloneAsync(clone, spec.Vm, CloneKind.Full, default);
        Assert.Equal("demo-node1", (await home.ShowAsync(clone.Vm)).Name);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!isSo())
            await pulse.WaitForNextTickAsync();
    }

    /// <summary>Puts the nodes on a file system of this size.</summary>
    private void Mount(string size)
    {
        Run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", home.Data.Root);
        isMounted = true;
    }

    /// <summary>Kills what is cancelled at once, unless it has time to undo.</summary>
    private sealed class HastyRunner(ICommandRunner inner, bool hasTimeToUndo) : ICommandRunner
    {
        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
            => inner.RunAsync(hasTimeToUndo ? command : command with { Grace = TimeSpan.Zero }, cancellationToken);
    }

    private void Resize(string size) => Run("mount", "-o", "remount,size=" + size, home.Data.Root);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
