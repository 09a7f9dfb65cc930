namespace VmCluster.Activities;

/// <summary>Where everything that VmCluster keeps is. All paths are absolute.</summary>
/// <param name="Root"><c>$VMCLUSTER_HOME</c>, else <c>$XDG_DATA_HOME/vmcluster</c>, else <c>~/.local/share/vmcluster</c>.</param>
public sealed record DataFolder(string Root)
{
    public string Database => Path.Combine(Root, "vmcluster.db");

    /// <summary>Held by the one process that runs workflows in this folder.</summary>
    public string OwnerLock => Path.Combine(Root, "owner.lock");

    public string Images => Path.Combine(Root, "images");

    /// <summary>One folder per cluster: disks, seeds, keys, <c>ssh_config</c>, <c>known_hosts</c>, logs. Mode 0700.</summary>
    public string Cluster(string name) => Path.Combine(Root, "clusters", name);

    public string Node(string cluster, string node) => Path.Combine(Cluster(cluster), node);

    public static DataFolder FromEnvironment()
    {
        var root = Environment.GetEnvironmentVariable("VMCLUSTER_HOME") is { Length: > 0 } home ? home
            : Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? Path.Combine(data, "vmcluster")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share", "vmcluster");
        return new DataFolder(Path.GetFullPath(root));
    }
}
