using System.Globalization;
using System.Text.RegularExpressions;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>What stands in the way of running VMs with VirtualBox here.</summary>
/// <param name="manage">VirtualBox's command line.</param>
/// <param name="host">What the computer says of itself.</param>
internal sealed partial class Preflight(VBoxManage manage, HostFacts host)
{
    /// <summary>More were reported to hang VirtualBox 7.1.</summary>
    public const int MostRunningVms = 61;

    public const string InstallRemedy = "Install VirtualBox 7 (Windows and macOS: the installer of its web site; Debian and Ubuntu: its own repository, or 'apt install virtualbox' where the distribution has it), or use --provider qemu.";

    private const string Device = "/dev/vboxdrv";

    // In most packages it runs as root, so that any user may start VMs.
    private static readonly string[] VmPrograms = ["/usr/lib/virtualbox/VBoxHeadless", "/opt/VirtualBox/VBoxHeadless"];

    private static readonly Version Oldest = new(6, 1);
    private static readonly Version NewestTried = new(7, 2);

    public async Task<IReadOnlyList<HypervisorProblem>> CheckAsync(CancellationToken cancellationToken)
    {
        var problems = new List<HypervisorProblem>();
        try
        {
            var version = await manage.VersionAsync(cancellationToken);
            if (version < Oldest)
                problems.Add(new($"VirtualBox {version} is too old: 6.1 or later is needed", "Install VirtualBox 7."));
            else if (new Version(version.Major, version.Minor) > NewestTried)
                problems.Add(new($"VirtualBox {version} is newer than any that was tried (6.1 to 7.2)", "Go on; if a step fails, report it with the output of 'vmcluster history'.", IsFatal: false));

            if (host.IsArm)
                problems.Add(new("This computer has an ARM processor, on which VirtualBox runs no x86 VMs", "Use a computer with an x86 processor, or --provider qemu."));
            problems.AddRange(Drivers());
            problems.AddRange(Processor(await manage.RunAsync(null, cancellationToken, "list", "hostinfo")));
            var running = await manage.ListAsync(onlyRunning: true, cancellationToken);
            if (running.Count >= MostRunningVms)
                problems.Add(new(string.Create(CultureInfo.InvariantCulture, $"{running.Count} VMs are running, and VirtualBox bears about {MostRunningVms}"), "Stop VMs that nobody needs.", CanBeForced: true));
        }
        catch (VmClusterException e)
        {
            problems.Add(new(e.What, e.Remedy));
        }

        return problems;
    }

    /// <summary>What hinders starting a VM; asked again when a start fails, since VBoxManage itself does not say it.</summary>
    public IEnumerable<HypervisorProblem> Drivers()
    {
        if (!host.IsLinux)
            yield break;
        if (!host.Exists(Device))
        {
            yield return new($"VirtualBox's kernel driver is not loaded ({Device} is missing)",
                "Build and load it: 'sudo apt install virtualbox-dkms' with the kernel's headers (or 'sudo /sbin/vboxconfig' for VirtualBox's own package), then 'sudo modprobe vboxdrv'; with Secure Boot it must be signed.", CanBeForced: true);
        }
        else if (!host.CanOpen(Device) && !VmPrograms.Any(host.RunsAsOwner))
        {
            yield return new($"This user may not use VirtualBox's kernel driver ({Device})",
                "Become a member of its group: 'sudo usermod -aG vboxusers \"$USER\"', then log in anew; or install VirtualBox's own package, which needs no group.", CanBeForced: true);
        }

        // Since Linux 6.12 KVM takes the processor's virtualization as soon as it is loaded.
        if (host.LoadedModules().FirstOrDefault(m => m is "kvm_intel" or "kvm_amd") is { } kvm)
            yield return new($"KVM is loaded ({kvm}) and may hold the processor's virtualization, which VirtualBox then cannot use", $"If the start fails with VERR_VMX_IN_VMX_ROOT_MODE or VERR_SVM_IN_USE: stop VMs of other programs, 'sudo modprobe -r {kvm}'.", IsFatal: false);
    }

    private IEnumerable<HypervisorProblem> Processor(string hostInfo)
    {
        if (VirtualizationPattern().Match(hostInfo) is { Success: true } match && match.Groups["answer"].Value == "no")
        {
            yield return host.IsWindows
                ? new("The processor's virtualization (VT-x, AMD-V) is switched off, or Hyper-V holds it", "Switch it on in the firmware's settings; to take it back from Hyper-V: 'bcdedit /set hypervisorlaunchtype off' as administrator and restart.", CanBeForced: true)
                : new("The processor's virtualization (VT-x, AMD-V) is not available", "Switch it on in the firmware's settings, or, inside a VM, let the outer hypervisor pass it on; else use --provider qemu, which can do without.", CanBeForced: true);
        }
    }

    [GeneratedRegex(@"^Processor supports HW virtualization:\s*(?<answer>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VirtualizationPattern();
}
