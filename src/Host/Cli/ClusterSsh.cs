using VmCluster.Activities.Identity;
using VmCluster.Activities.Ledger;

namespace VmCluster.Host.Cli;

/// <summary>How the OpenSSH client of the host reaches the nodes.</summary>
internal static class ClusterSsh
{
    /// <summary>The cluster's configuration for the OpenSSH client.</summary>
    /// <exception cref="ClusterConflictException">The cluster was planned, and no more yet.</exception>
    public static string ConfigOf(Session session, ClusterRecord cluster) =>
        File.Exists(cluster.SshConfig()) ? cluster.SshConfig() : throw new ClusterConflictException(
            $"Cluster '{cluster.Name}' has no keys yet", $"'{session.Outside.Program} up {cluster.Name}' goes on with building it.");
}
