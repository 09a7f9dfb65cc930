using System.Diagnostics;
using System.Globalization;
using System.Text;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>The QEMU process of a VM. It is known by the VM's UUID on its command line, never by its number alone.</summary>
internal sealed record QemuProcess(int Id, long StartTime)
{
    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(50);

    /// <summary>The process that runs the VM, whether or not its number was written down; null where there is none.</summary>
    public static QemuProcess? Find(VmReference vm) =>
        Noted(vm) ?? ProcStat.ReadAll().Select(stat => Of(vm, stat.Id)).FirstOrDefault(process => process is not null);

    /// <summary>Waits for its end; false where it is still there after that time.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan time, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        while (IsThere())
        {
            if (timeProvider.GetElapsedTime(started) >= time)
                return false;
            await Task.Delay(Pulse, timeProvider, cancellationToken);
        }

        return true;
    }

    public void Kill()
    {
        if (!IsThere())
            return;
        try
        {
            using var process = Process.GetProcessById(Id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended meanwhile.
        }
    }

    private bool IsThere() => ProcStat.Read(Id) is { State: not 'Z' } stat && stat.StartTime == StartTime;

    private static QemuProcess? Noted(VmReference vm)
    {
        try
        {
            return int.TryParse(File.ReadAllText(new QemuFiles(vm).ProcessId), CultureInfo.InvariantCulture, out var id) ? Of(vm, id) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static QemuProcess? Of(VmReference vm, int id)
    {
        try
        {
            var arguments = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline"), Encoding.UTF8).Split('\0');
            return Path.GetFileName(arguments[0]).StartsWith("qemu-system-", StringComparison.Ordinal)
                && arguments.Contains(vm.Id.ToString("D"), StringComparer.Ordinal)
                && ProcStat.Read(id) is { State: not 'Z' } stat
                ? new QemuProcess(id, stat.StartTime)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
