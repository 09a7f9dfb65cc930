using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace VmCluster.VBoxManageStandIn;

/// <summary>Which VMs seem to run: each has a process of its own, called as VirtualBox's is, and a file with its number.</summary>
/// <param name="userHome">VirtualBox's configuration folder.</param>
internal sealed class RunningMachines(string userHome)
{
    public const string HeadlessArgument = "--startvm";

    private readonly string folder = Directory.CreateDirectory(Path.Combine(userHome, "running")).FullName;

    /// <summary>VirtualBox's word for the state; null for a VM that was not started, or was stopped in order.</summary>
    public string? StateOf(string id)
    {
        if (!File.Exists(PidFile(id)))
            return null;
        if (!IsAlive(id))
            return "aborted";
        return File.Exists(HaltFile(id)) ? File.ReadAllText(HaltFile(id)) : "running";
    }

    public bool IsRunning(string id) => StateOf(id) is not (null or "aborted");

    public void Start(string id)
    {
        var headless = Path.Combine(folder, "VBoxHeadless");
        if (!File.Exists(headless))
            File.CreateSymbolicLink(headless, Environment.ProcessPath!);
        using var process = Process.Start(new ProcessStartInfo(headless, [HeadlessArgument, id])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        File.WriteAllText(PidFile(id), process.Id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Ends the VM as if its plug were pulled.</summary>
    public void PowerOff(string id)
    {
        using (var process = Process.GetProcessById(ReadPid(id)))
            process.Kill();
        File.Delete(PidFile(id));
        File.Delete(HaltFile(id));
    }

    /// <summary>Whether the guest does what the power button asks for.</summary>
    public bool MindsPowerButton(string id) => !File.Exists(Path.Combine(folder, id + ".deaf"));

    /// <summary>What a VM's process does: nothing, until it is told to end or is killed.</summary>
    public static async Task<int> RunHeadlessAsync()
    {
        var told = new TaskCompletionSource();
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => told.TrySetResult());
        await told.Task;
        return 0;
    }

    private bool IsAlive(string id)
    {
        var arguments = string.Create(CultureInfo.InvariantCulture, $"/proc/{ReadPid(id)}/cmdline");
        return File.Exists(arguments) && File.ReadAllText(arguments).Contains(id, StringComparison.Ordinal);
    }

    private int ReadPid(string id) => int.Parse(File.ReadAllText(PidFile(id)), CultureInfo.InvariantCulture);

    private string PidFile(string id) => Path.Combine(folder, id + ".pid");

    private string HaltFile(string id) => Path.Combine(folder, id + ".state");
}
