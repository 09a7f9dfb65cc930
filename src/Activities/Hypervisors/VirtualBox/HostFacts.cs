using System.Runtime.InteropServices;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>What this computer says of itself, below a root that tests replace.</summary>
internal sealed class HostFacts(string root = "/")
{
    public bool IsLinux { get; init; } = OperatingSystem.IsLinux();

    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>Whether the processor is a 64-bit ARM.</summary>
    public bool IsArm { get; init; } = RuntimeInformation.OSArchitecture == Architecture.Arm64;

    /// <summary>Whether this user may open a file for reading and writing.</summary>
    public Func<string, bool> CanOpen { get; init; } = CanOpenHere;

    public bool Exists(string path) => File.Exists(Below(path));

    /// <summary>The names in <c>/proc/modules</c>.</summary>
    public IEnumerable<string> LoadedModules()
        => File.Exists(Below("/proc/modules")) ? File.ReadLines(Below("/proc/modules")).Select(l => l.Split(' ')[0]) : [];

    /// <summary>Whether a program runs as its owner, whoever starts it.</summary>
    public bool RunsAsOwner(string program)
        => !OperatingSystem.IsWindows() && Exists(program) && File.GetUnixFileMode(Below(program)).HasFlag(UnixFileMode.SetUser);

    private static bool CanOpenHere(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string Below(string path) => Path.Combine(root, path.TrimStart('/'));
}
