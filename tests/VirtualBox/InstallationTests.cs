using System.Diagnostics;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.Activities.Processes;
using VmCluster.Activities.Tests.Support;
using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>
/// A node from the installer's ISO, as in the book. The real VBoxManage prepares it; that the installer runs is played,
/// and what it says is written by the tests.
/// </summary>
public sealed class InstallationTests : IDisposable
{
    private readonly VirtualBoxHome home = new();
    private readonly VmSpec spec;

    public InstallationTests() => spec = home.Spec("fe1") with { Image = new BootImage(MakeIso(), IsInstaller: true), Nat = new NatNic("52:54:00:00:01:01", VirtualBoxHome.FreePort()) };

    public void Dispose() => home.Dispose();

    private string Console => spec.Vm.ConsolePath();

    private IEnumerable<CommandResult> Preparations => home.Runner.Results.Where(result => result.Command.Arguments is ["unattended", ..]);

    [VirtualBoxFact]
    public async Task The_installer_gets_an_SSH_server_and_a_password_that_is_nowhere_else()
    {
        await Assert.ThrowsAsync<VmStartException>(() => home.Hypervisor.CreateAsync(spec, default));

        var machine = await home.ShowAsync(spec.Vm);
        Assert.Equal(("3072", "dvd", "disk"), (machine["memory"], machine["boot1"], machine["boot2"]));
        Assert.EndsWith("-aux-iso.viso", machine.Medium("SATA", 1), StringComparison.Ordinal);
        Assert.Contains("Capacity:       30720 MBytes", await home.VBoxManageAsync("showmediuminfo", "disk", spec.Vm.DiskPath()), StringComparison.Ordinal);
        var userData = await File.ReadAllTextAsync(Directory.GetFiles(spec.Vm.MachineFolder(), "Unattended-*-user-data").Single());
        Assert.Contains("ssh: {install-server: true, allow-pw: false}", userData, StringComparison.Ordinal);
        Assert.Contains("hostname: 'fe1'", userData, StringComparison.Ordinal);
        Assert.Matches(@"password: '\$6\$", userData);

        // VBoxManage prints the password; the file that it was in is gone.
        var prepared = Assert.Single(Preparations);
        Assert.Equal("", prepared.Output);
        Assert.DoesNotContain(prepared.Command.Arguments, argument => argument is "--password" or "--user-password");
        Assert.False(File.Exists(prepared.Command.Arguments[prepared.Command.Arguments.ToList().IndexOf("--user-password-file") + 1]));
    }

    [VirtualBoxFact]
    public async Task Where_VMs_cannot_start_the_reason_is_told_and_the_next_try_makes_nothing_twice()
    {
        var error = await Assert.ThrowsAsync<VmStartException>(() => home.Hypervisor.CreateAsync(spec, default));
        Assert.Contains("kernel driver is not loaded", error.Message, StringComparison.Ordinal);
        Assert.Null(await home.Hypervisor.FindAsync(spec.Vm, default));
        var registered = await home.VBoxManageAsync("list", "vms") + await home.VBoxManageAsync("list", "hdds");

        await Assert.ThrowsAsync<VmStartException>(() => home.Hypervisor.CreateAsync(spec, default));

        Assert.Equal(registered, await home.VBoxManageAsync("list", "vms") + await home.VBoxManageAsync("list", "hdds"));
        await home.Hypervisor.DeleteAsync(spec.Vm, default);
        Assert.Equal("", await home.VBoxManageAsync("list", "vms") + await home.VBoxManageAsync("list", "hdds"));
    }

    [VirtualBoxFact]
    public async Task An_installed_node_boots_from_its_disk_with_its_own_seed_and_can_be_cloned()
    {
        var hypervisor = WithInstallerThatSays("[  620.1] cloud-init: finished\nvmcluster: the system is installed\n");

        await hypervisor.CreateAsync(spec, default);

        var machine = await home.ShowAsync(spec.Vm);
        Assert.Equal(("disk", "dvd", spec.SeedPath), (machine["boot1"], machine["boot2"], machine.Medium("SATA", 1)));
        Assert.Empty(Directory.GetFiles(spec.Vm.MachineFolder(), "Unattended-*"));
        Assert.DoesNotContain(".viso", await home.VBoxManageAsync("list", "dvds"), StringComparison.Ordinal);
        Assert.NotNull(await hypervisor.FindAsync(spec.Vm, default));

        await hypervisor.CreateAsync(spec, default);
        await hypervisor.CloneAsync(home.Spec("node1", index: 1) with { Image = spec.Image }, spec.Vm, CloneKind.Linked, default);
        Assert.Single(Preparations);
    }

    [VirtualBoxFact]
    public async Task An_installation_that_failed_is_told_with_its_last_words_and_begins_anew()
    {
        var error = await Assert.ThrowsAsync<InstallationException>(() => WithInstallerThatSays("no space left on /target\nvmcluster: the installation failed\n").CreateAsync(spec, default));
        Assert.Contains("no space left on /target | vmcluster: the installation failed", error.Message, StringComparison.Ordinal);

        await WithInstallerThatSays("vmcluster: the system is installed\n").CreateAsync(spec, default);

        Assert.Equal(2, Preparations.Count());
        Assert.Equal("disk", (await home.ShowAsync(spec.Vm))["boot1"]);
    }

    [VirtualBoxFact]
    public async Task An_installation_that_outlived_the_process_that_began_it_is_waited_for()
    {
        using var died = new CancellationTokenSource();
        var begun = home.NewHypervisor(new DisturbingRunner(home.Runner, _ => home.SeemsToRun(spec.Vm), died.CancelAsync), program: RealVBoxManage.WithDriver);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => begun.CreateAsync(spec, died.Token));
        Assert.True(home.SeemsToRun(spec.Vm));

        await WithInstallerThatSays("vmcluster: the system is installed\n").CreateAsync(spec, default);

        Assert.Single(Preparations);
        Assert.Equal(spec.SeedPath, (await home.ShowAsync(spec.Vm)).Medium("SATA", 1));
    }

    /// <summary>The driver on a VirtualBox whose VM, once it was seen running, writes this to its serial console and powers off.</summary>
    private VirtualBoxHypervisor WithInstallerThatSays(string words)
    {
        var seenRunning = 0;
        return home.NewHypervisor(
            new DisturbingRunner(home.Runner, command => command.Arguments is ["showvminfo", ..] && home.SeemsToRun(spec.Vm) && seenRunning++ > 0, async () =>
            {
                await File.WriteAllTextAsync(Console, words);
                await home.Runner.RunAsync(new Command(RealVBoxManage.WithDriver, "controlvm", spec.Vm.Id.ToString(), "poweroff"), default);
            }),
            new HurryingTime(),
            RealVBoxManage.WithDriver);
    }

    /// <summary>An ISO by which VirtualBox knows Ubuntu Server, without Ubuntu.</summary>
    private string MakeIso()
    {
        var tree = Path.Combine(home.Root, "ubuntu");
        Put(tree, ".disk/info", "Ubuntu-Server 24.04.1 LTS \"Noble Numbat\" - Release amd64 (20240827)");
        Put(tree, "casper/vmlinuz", "kernel");
        Put(tree, "casper/initrd", "initrd");
        Put(tree, "boot/grub/grub.cfg", "menuentry \"Try or Install Ubuntu Server\" {\n}\n");
        var iso = Path.Combine(home.Root, "ubuntu-24.04.1-live-server-amd64.iso");
        using var process = Process.Start("genisoimage", ["-quiet", "-J", "-r", "-V", "Ubuntu-Server 24.04.1 LTS amd64", "-o", iso, tree]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return iso;
    }

    private static void Put(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
