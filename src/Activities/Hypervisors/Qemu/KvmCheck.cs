using System.Globalization;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>
/// Finds out whether KVM runs guests here, once per process. That its device can be opened does not tell: inside another
/// VM it may be there and refuse the processor's features, or never get a guest to run. So a guest of one page is run.
/// </summary>
internal sealed class KvmCheck(ICommandRunner runner, Lazy<RunFolder> runFolder)
{
    private const string Device = "/dev/kvm";
    private const int RomSize = 64 * 1024;
    private const byte Answer = 0x31;
    private const int ExitPort = 0x501;

    // What QEMU makes of the answer that a guest writes to its exit device.
    private const int SuccessCode = (Answer << 1) | 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Task<bool>? _check;

    public Task<bool> IsUsableAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // A check that could not be made (QEMU not installed yet) is made again.
            if (_check is null or { IsFaulted: true })
                _check = CheckAsync();
            return _check.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What keeps VMs from running at full speed; null where nothing does.</summary>
    public async Task<HypervisorProblem?> FindProblemAsync(CancellationToken cancellationToken)
    {
        if (await IsUsableAsync(cancellationToken))
            return null;
        var (why, remedy) = CanOpen()
            ? ($"{Device} is there but runs no guests", "If this computer is itself a virtual machine, its host must allow nested virtualization.")
            : ($"{Device} cannot be opened", $"Switch virtualization on in the computer's firmware, or join the group that may open {Device} ('usermod -aG kvm USER').");
        return new HypervisorProblem($"There is no hardware acceleration ({why}): nodes take half a minute to boot instead of seconds.", remedy, IsFatal: false);
    }

    private static bool CanOpen()
    {
        try
        {
            using var device = File.Open(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task<bool> CheckAsync()
    {
        if (!CanOpen())
            return false;
        var rom = Path.Combine(runFolder.Value.Path, $"kvm-check-{Guid.NewGuid():N}.rom");
        try
        {
            await File.WriteAllBytesAsync(rom, Guest(), CancellationToken.None);
            var command = new Command(
                QemuCommandLine.Program,
                "-machine", "q35", "-accel", "kvm", "-cpu", QemuCommandLine.Cpu, "-m", "64M", "-nodefaults", "-no-user-config", "-display", "none",
                "-bios", rom, "-device", string.Create(CultureInfo.InvariantCulture, $"isa-debug-exit,iobase={ExitPort},iosize=1"))
            {
                Timeout = Patience,
                Grace = TimeSpan.Zero,
            };
            return (await runner.RunAsync(command, CancellationToken.None)).ExitCode == SuccessCode;
        }
        catch (CommandTimeoutException)
        {
            return false;
        }
        finally
        {
            File.Delete(rom);
        }
    }

    /// <summary>Firmware whose first instructions write the answer to the exit device: mov dx, port; mov al, answer; out dx, al; hlt.</summary>
    private static byte[] Guest()
    {
        const int resetVector = RomSize - 16;
        var rom = new byte[RomSize];
        byte[] code = [0xba, ExitPort & 0xff, ExitPort >> 8, 0xb0, Answer, 0xee, 0xf4];
        code.CopyTo(rom, resetVector);
        return rom;
    }
}
