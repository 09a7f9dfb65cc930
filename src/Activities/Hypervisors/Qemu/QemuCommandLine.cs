using System.Globalization;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>The command that runs a VM in the background.</summary>
internal static class QemuCommandLine
{
    public const string Program = "qemu-system-x86_64";

    /// <summary>All that the accelerator offers; with KVM that is the computer's own processor.</summary>
    public const string Cpu = "max";

    // Room for translated code, in MiB. More is hardly faster and costs memory in every VM.
    private const int TranslationBuffer = 128;

    public static Command Build(VmSpec spec, QemuFiles files, string monitor, bool hasKvm)
    {
        var vm = spec.Vm;
        var image = spec.Image;
        List<string> arguments =
        [
            "-name", Escape($"{vm.Cluster}/{vm.Node}"),
            "-uuid", vm.Id.ToString("D"),
            "-machine", "q35",
            "-accel", hasKvm ? "kvm" : Text($"tcg,thread=multi,tb-size={TranslationBuffer}"),
            "-cpu", Cpu,
            "-smp", Text($"{spec.Cpus}"),
            "-m", Text($"{spec.MemoryMiB}M"),
            "-nodefaults",
            "-no-user-config",
            "-display", "none",
        ];

        if (image.KernelPath is not null)
        {
            arguments.AddRange(["-kernel", image.KernelPath]);
            if (image.InitrdPath is not null)
                arguments.AddRange(["-initrd", image.InitrdPath]);

            // On the kernel's command line it also wins over the machine-id on the disk of a clone that has run.
            arguments.AddRange(["-append", $"{image.KernelArguments} systemd.machine_id={vm.Id:N}".TrimStart()]);
        }

        // The host's cache is used, and flushed when the guest asks: a killed QEMU loses nothing that the guest has synced.
        arguments.AddRange(
        [
            "-drive", $"if=none,id=disk,file={Escape(files.Disk)},format=qcow2,cache=writeback,discard=unmap",
            "-device", image.KernelPath is null ? "virtio-blk-pci,drive=disk,bootindex=0" : "virtio-blk-pci,drive=disk",
            "-drive", $"if=none,id=seed,file={Escape(spec.SeedPath)},format=raw,readonly=on",
            "-device", "virtio-blk-pci,drive=seed",
            "-netdev", Text($"user,id=nat,hostfwd=tcp:127.0.0.1:{spec.Nat.SshPort}-:22"),
            "-device", $"virtio-net-pci,netdev=nat,mac={spec.Nat.Mac},romfile=",
        ]);
        if (spec.Network is { } network)
        {
            arguments.AddRange(
            [
                "-netdev", Text($"socket,id=cluster,mcast=230.0.0.1:{network.Segment},localaddr=127.0.0.1"),
                "-device", $"virtio-net-pci,netdev=cluster,mac={network.Mac},romfile=",
            ]);
        }

        arguments.AddRange(
        [
            "-device", "virtio-rng-pci",
            "-chardev", $"file,id=console,path={Escape(files.Console)},append=on",
            "-serial", "chardev:console",
            "-qmp", $"unix:{Escape(monitor)},server=on,wait=off",
            "-pidfile", files.ProcessId,
            "-daemonize",
        ]);
        return new Command(Program, arguments);
    }

    // In QEMU's option lists a comma ends a value unless it is doubled.
    private static string Escape(string value) => value.Replace(",", ",,", StringComparison.Ordinal);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
