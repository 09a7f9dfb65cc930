namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>What this computer says of itself, below a root that tests replace.</summary>
internal sealed class HostFacts(string root = "/")
{
    public bool IsLinux { get; init; } = OperatingSystem.IsLinux();

    public bool IsWindows { get; init; } = OperatingSystem.IsWindows();

    public bool Exists(string path) => File.Exists(Below(path));

    /// <summary>The names in <c>/proc/modules</c>.</summary>
    public IEnumerable<string> LoadedModules()
        => File.Exists(Below("/proc/modules")) ? File.ReadLines(Below("/proc/modules")).Select(l => l.Split(' ')[0]) : [];

    private string Below(string path) => Path.Combine(root, path.TrimStart('/'));
}
