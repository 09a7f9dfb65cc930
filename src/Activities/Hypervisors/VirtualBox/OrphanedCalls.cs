using System.Diagnostics;
using System.Globalization;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>
/// Calls of VBoxManage that a process of ours had under way when it was killed. They go on by themselves, so a second
/// one of the same kind must wait: two linked clones of one name would both succeed and spoil each other.
/// </summary>
internal static class OrphanedCalls
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until none is left that names the VM or its folder.</summary>
    public static async Task WaitAsync(VmReference vm, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        // Other systems do not show a process's arguments: there any older call is waited for, but not for ever.
        var began = timeProvider.GetTimestamp();
        while (Any(vm) && (OperatingSystem.IsLinux() || timeProvider.GetElapsedTime(began) < VBoxManage.Patience))
            await Task.Delay(Pause, timeProvider, cancellationToken);
    }

    private static bool Any(VmReference vm)
    {
        using var self = Process.GetCurrentProcess();
        return Process.GetProcessesByName("VBoxManage").Any(process =>
        {
            using (process)
                return IsOlder(process, self) && (!OperatingSystem.IsLinux() || Names(process, vm));
        });
    }

    private static bool IsOlder(Process process, Process self)
    {
        try
        {
            return process.StartTime < self.StartTime;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false; // It ended, or is another user's.
        }
    }

    private static bool Names(Process process, VmReference vm)
    {
        try
        {
            var arguments = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/cmdline"));
            return arguments.Contains(vm.Key(), StringComparison.Ordinal) || arguments.Contains(vm.Folder + "/", StringComparison.Ordinal) || arguments.Contains(vm.Folder + "\0", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
