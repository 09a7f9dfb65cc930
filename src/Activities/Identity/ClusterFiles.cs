using VmCluster.Activities.Ledger;

namespace VmCluster.Activities.Identity;

/// <summary>Where a cluster's keys and SSH files are. All paths are absolute.</summary>
public static class ClusterFiles
{
    /// <summary>The cluster's private key; the public one is beside it with <c>.pub</c>.</summary>
    public static string Key(this ClusterRecord cluster) => Path.Combine(cluster.Folder, "id_ed25519");

    /// <summary>The host keys of all planned nodes, pinned before they boot.</summary>
    public static string KnownHosts(this ClusterRecord cluster) => Path.Combine(cluster.Folder, "known_hosts");

    /// <summary>For <c>ssh -F</c>: has every node under its name.</summary>
    public static string SshConfig(this ClusterRecord cluster) => Path.Combine(cluster.Folder, "ssh_config");

    public static string HostKey(this ClusterRecord cluster, NodeRecord node) => Path.Combine(cluster.NodeFolder(node), "ssh_host_ed25519_key");

    public static string Seed(this ClusterRecord cluster, NodeRecord node) => Path.Combine(cluster.NodeFolder(node), "seed.iso");
}
