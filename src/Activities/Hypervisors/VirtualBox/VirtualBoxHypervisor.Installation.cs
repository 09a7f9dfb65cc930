using System.Security.Cryptography;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>Installing Ubuntu Server from its ISO: the installer asks nothing, and ends with the power off.</summary>
public sealed partial class VirtualBoxHypervisor
{
    private static readonly TimeSpan InstallationLimit = TimeSpan.FromMinutes(90);
    private static readonly TimeSpan InstallationPulse = TimeSpan.FromSeconds(15);

    public bool InstallsFromIso => true;

    /// <summary>Brings a VM with an empty disk to one with an installed system, stopped; waits for an installation that is under way.</summary>
    private async Task<MachineInfo> InstallAsync(VmSpec spec, CancellationToken cancellationToken)
    {
        var console = spec.Vm.ConsolePath();
        var machine = await GetAsync(spec.Vm, cancellationToken);
        if (machine.ToVmState() == VmState.Stopped && !Autoinstall.IsDone(console))
        {
            // The settings first: the serial console, on which the installer says that it is done, is one of them.
            await ApplyAsync(spec, machine, cancellationToken);
            await RemoveInstallerAsync(spec.Vm, cancellationToken);
            File.Delete(console);
            await PrepareInstallationAsync(spec, cancellationToken);
            await StartMachineAsync(spec.Vm, await GetAsync(spec.Vm, cancellationToken), cancellationToken);
            machine = await GetAsync(spec.Vm, cancellationToken);
        }

        machine = await WaitUntilStoppedAsync(spec.Vm, machine, InstallationLimit, InstallationPulse, cancellationToken);
        if (!Autoinstall.IsDone(console))
            throw new InstallationException(spec.Vm, machine.ToVmState() == VmState.Stopped ? $"it ended; {Autoinstall.LastWords(console)}" : $"it has not ended within {InstallationLimit.TotalMinutes:0} minutes; {Autoinstall.LastWords(console)}");

        await ApplyAsync(spec, machine, cancellationToken);
        await RemoveInstallerAsync(spec.Vm, cancellationToken);
        return await GetAsync(spec.Vm, cancellationToken);
    }

    private async Task PrepareInstallationAsync(VmSpec spec, CancellationToken cancellationToken)
    {
        var vm = spec.Vm;
        var password = Path.Combine(vm.Folder, "installer-password");
        var template = Path.Combine(vm.Folder, "installer-template");
        try
        {
            await PrivateFiles.WriteAsync(password, Convert.ToHexString(RandomNumberGenerator.GetBytes(32)), cancellationToken);
            await PrivateFiles.WriteAsync(template, Autoinstall.Template(vm.Node), cancellationToken);

            // It prints the password, though it got it from a file.
            await manage.RunDiscardingOutputAsync(vm, cancellationToken,
                "unattended", "install", vm.Key(), "--iso", spec.Image.DiskPath, "--user", Autoinstall.User, "--full-user-name", "VmCluster", "--user-password-file", password,
                "--hostname", $"{vm.Node}.{vm.Cluster}.internal", "--locale", "en_US", "--country", "US", "--time-zone", "UTC",
                "--script-template", template, "--extra-install-kernel-parameters", Autoinstall.KernelParameters);
        }
        finally
        {
            File.Delete(password);
            File.Delete(template);
        }

        if (!InstallerFiles(vm).Any(file => file.EndsWith("-user-data", StringComparison.Ordinal)))
            throw new VirtualBoxException(VirtualBoxFault.NotSupported, $"Node '{vm.Node}' of cluster '{vm.Cluster}': VirtualBox {await manage.VersionAsync(cancellationToken)} does not know how to install '{spec.Image.DiskPath}' unattended", "Use the ISO of Ubuntu Server 22.04 or later with VirtualBox 7.1 or later, or a disk image.");

        // An attempt that was cut short may have left a disk that starts.
        await manage.RunAsync(vm, cancellationToken, "modifyvm", vm.Key(), "--boot1", "dvd", "--boot2", "disk");
    }

    private async Task RemoveInstallerAsync(VmReference vm, CancellationToken cancellationToken)
    {
        await media.ForgetDiscsBelowAsync(vm.MachineFolder(), cancellationToken);
        foreach (var file in InstallerFiles(vm))
            File.Delete(file);
    }

    /// <summary>What VirtualBox wrote for the installer; it holds the password's hash.</summary>
    private static IEnumerable<string> InstallerFiles(VmReference vm) => Directory.EnumerateFiles(vm.MachineFolder(), "Unattended-*");
}
