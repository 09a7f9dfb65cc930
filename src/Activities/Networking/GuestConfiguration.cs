using System.Text;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Processes;
using VmCluster.Activities.Ssh;

namespace VmCluster.Activities.Networking;

/// <summary>Puts the files by which the nodes know each other on running nodes, and shares a folder between them.</summary>
public sealed class GuestConfiguration(ClusterIdentity identity, SshClient ssh)
{
    /// <summary>A folder of the front end that all nodes have under this path.</summary>
    public const string SharedFolder = "/shared";

    private static readonly TimeSpan ShareTimeout = TimeSpan.FromMinutes(15);

    /// <summary>Writes those files that differ from what the ledger says.</summary>
    public async Task UpdateFilesAsync(ClusterRecord cluster, NodeRecord node, CancellationToken cancellationToken)
    {
        var script = UpdateFiles(cluster, await identity.EnsureAsync(cluster, cancellationToken));
        await ssh.RunCheckedAsync(cluster, node, "writing the cluster's files", Root(script), null, cancellationToken);
    }

    /// <summary>Updates the files of all nodes, exports the shared folder from the front end to the cluster's subnet and mounts it on the others.</summary>
    public async Task ShareAsync(ClusterRecord cluster, CancellationToken cancellationToken)
    {
        var files = UpdateFiles(cluster, await identity.EnsureAsync(cluster, cancellationToken));
        await Task.WhenAll(cluster.Nodes.Select(node => ssh.RunCheckedAsync(
            cluster, node, $"sharing {SharedFolder}", Root(files + (node.IsFrontEnd ? Export(cluster) : Mount(cluster.Nodes[0]))), ShareTimeout, cancellationToken)));
    }

    private static string Root(string script) => $"sudo sh -c {ShellQuoting.Quote("set -e\n" + script)}";

    private static string UpdateFiles(ClusterRecord cluster, IReadOnlyDictionary<string, string> hostKeys)
    {
        var script = new StringBuilder("put() { [ \"$(cat \"$1\" 2>/dev/null)\" = \"$2\" ] || { mkdir -p \"${1%/*}\"; printf '%s\\n' \"$2\" >\"$1.new\"; mv -f \"$1.new\" \"$1\"; }; }\n");
        foreach (var file in GuestFiles.Of(cluster, hostKeys))
            script.Append("put ").Append(file.Path).Append(' ').Append(ShellQuoting.Quote(file.Content.TrimEnd('\n'))).Append('\n');
        return script.ToString();
    }

    /// <summary>Installs what the image lacks; images made for clusters have it all.</summary>
    private static string Install(string program, string package) =>
        $"command -v {program} >/dev/null || {{ export DEBIAN_FRONTEND=noninteractive; apt-get update -qq; apt-get install -y -qq {package} openmpi-bin python3-mpi4py </dev/null; }}\n";

    private static string Export(ClusterRecord cluster) => Install("exportfs", "nfs-kernel-server") + $"""
        mkdir -p {SharedFolder} /etc/exports.d
        [ "$(stat -c %U {SharedFolder})" = {cluster.User} ] || chown {cluster.User}: {SharedFolder}
        put /etc/exports.d/vmcluster.exports '{SharedFolder} {cluster.Subnet}(rw,sync,no_subtree_check)'
        systemctl enable --now --quiet nfs-server
        exportfs -ra
        """;

    /// <summary>The front end may still be starting its server: the mount tries again for a while.</summary>
    private static string Mount(NodeRecord frontEnd) => Install("mount.nfs4", "nfs-common") + $"""
        mkdir -p {SharedFolder}
        grep -q ' {SharedFolder} nfs4 ' /etc/fstab || echo '{frontEnd.Name}:{SharedFolder} {SharedFolder} nfs4 _netdev,nofail,hard 0 0' >>/etc/fstab
        grep -q ' {SharedFolder} nfs4 ' /proc/mounts && exit 0
        for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29; do
          mount {SharedFolder} 2>/dev/null && exit 0
          sleep 1
        done
        mount {SharedFolder}
        """;
}
