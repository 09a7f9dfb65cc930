using System.Diagnostics;
using System.Globalization;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>VirtualBox's processes that name one of our VMs.</summary>
internal static class VmProcesses
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The process that runs the VM; null where there is none or the system does not show the arguments of processes.</summary>
    public static int? FindRunner(VmReference vm)
        => Of("VBoxHeadless", process => Arguments(process).Contains(vm.Key(), StringComparison.Ordinal)).Cast<int?>().FirstOrDefault();

    /// <summary>
    /// Waits for calls that a process of ours had under way when it was killed. They go on by themselves, so another one
    /// of the same kind must wait: two linked clones of one name would both succeed and spoil each other.
    /// </summary>
    public static async Task WaitForOrphansAsync(VmReference vm, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var self = Process.GetCurrentProcess();
        var began = timeProvider.GetTimestamp();

        // Where the arguments are not shown any older call is waited for, but not for ever.
        while (Of("VBoxManage", process => IsOlder(process, self) && (!OperatingSystem.IsLinux() || Names(process, vm))).Any()
            && (OperatingSystem.IsLinux() || timeProvider.GetElapsedTime(began) < VBoxManage.Patience))
            await Task.Delay(Pause, timeProvider, cancellationToken);
    }

    private static IEnumerable<int> Of(string program, Func<Process, bool> isWanted)
    {
        foreach (var process in Process.GetProcessesByName(program))
        {
            using (process)
            {
                if (isWanted(process))
                    yield return process.Id;
            }
        }
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
        var arguments = Arguments(process);
        return arguments.Contains(vm.Key(), StringComparison.Ordinal) || arguments.Contains(vm.Folder + "/", StringComparison.Ordinal);
    }

    private static string Arguments(Process process)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
