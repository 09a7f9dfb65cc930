using System.Globalization;
using VmCluster.Activities.Ledger;

namespace VmCluster.Activities.Identity;

/// <summary>A file that every node of a cluster has alike.</summary>
/// <param name="Path">Absolute path in the guest.</param>
/// <param name="Content">Ends with a line feed.</param>
public sealed record GuestFile(string Path, string Content);

/// <summary>The files by which the nodes know each other. They change when a node is added or removed.</summary>
public static class GuestFiles
{
    public const string MpiHosts = "/etc/vmcluster/hosts.mpi";

    /// <param name="cluster">With all its planned nodes.</param>
    /// <param name="hostKeys">Each node's public host key (type and key) by node name.</param>
    public static IReadOnlyList<GuestFile> Of(ClusterRecord cluster, IReadOnlyDictionary<string, string> hostKeys) =>
    [
        new("/etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n" + Lines(cluster, node => $"{node.Address} {node.Name}")),
        new("/etc/ssh/ssh_known_hosts", Lines(cluster, node => $"{node.Name},{node.Address} {hostKeys[node.Name]}")),
        new("/etc/ssh/ssh_config.d/50-vmcluster.conf", "Host fe1 node*\n  StrictHostKeyChecking yes\n  BatchMode yes\n"),
        new(MpiHosts, Lines(cluster, node => string.Create(CultureInfo.InvariantCulture, $"{node.Name} slots={cluster.Cpus}"))),
    ];

    private static string Lines(ClusterRecord cluster, Func<NodeRecord, string> line) => string.Concat(cluster.Nodes.Select(node => line(node) + "\n"));
}
