using System.Globalization;
using System.Text;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Identity;

/// <summary>Makes the keys and the files that give the nodes of a cluster their identity, all on the host and before they boot.</summary>
public sealed class ClusterIdentity(ICommandRunner commands) : IDisposable
{
    private readonly SshKeys sshKeys = new(commands);

    // Steps of one cluster run side by side, and each key may be made only once.
    private readonly SemaphoreSlim oneAtATime = new(1);

    /// <summary>
    /// Makes what is missing of the cluster's key and the nodes' host keys, and puts <c>known_hosts</c> and
    /// <c>ssh_config</c> as the ledger says. Returns the public host keys by node name.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> EnsureAsync(ClusterRecord cluster, CancellationToken cancellationToken)
    {
        await oneAtATime.WaitAsync(cancellationToken);
        try
        {
            PrivateFiles.CreateFolder(cluster.Folder);
            await sshKeys.EnsureAsync(cluster.Key(), $"vmcluster-{cluster.Name}", cancellationToken);
            var hostKeys = new Dictionary<string, string>();
            foreach (var node in cluster.Nodes)
            {
                PrivateFiles.CreateFolder(cluster.NodeFolder(node));
                hostKeys[node.Name] = await sshKeys.EnsureAsync(cluster.HostKey(node), node.Name, cancellationToken);
            }

            await PrivateFiles.WriteAsync(cluster.KnownHosts(), KnownHosts(cluster, hostKeys), cancellationToken);
            await PrivateFiles.WriteAsync(cluster.SshConfig(), SshConfig(cluster), cancellationToken);
            return hostKeys;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    /// <summary>Writes a node's seed and returns its path. The VM must be stopped: it reads the seed while it boots.</summary>
    public async Task<string> WriteSeedAsync(ClusterRecord cluster, NodeRecord node, bool withNetwork, CancellationToken cancellationToken)
    {
        var hostKeys = await EnsureAsync(cluster, cancellationToken);
        var keys = new NodeKeys(
            await File.ReadAllTextAsync(cluster.Key(), cancellationToken),
            await sshKeys.EnsureAsync(cluster.Key(), "", cancellationToken),
            await File.ReadAllTextAsync(cluster.HostKey(node), cancellationToken),
            hostKeys[node.Name],
            hostKeys);
        var seed = NoCloudSeed.Of(cluster, node, keys, withNetwork);

        var path = cluster.Seed(node);
        PrivateFiles.DeleteTemporaries(path);
        var temporary = PrivateFiles.Temporary(path);
        var documents = path + ".d";
        PrivateFiles.CreateFolder(documents);
        try
        {
            (string Name, string Text)[] files = [("meta-data", seed.MetaData), ("user-data", seed.UserData), ("network-config", seed.NetworkConfig)];
            foreach (var (name, text) in files)
                await PrivateFiles.WriteAsync(Path.Combine(documents, name), text, cancellationToken);
            await commands.RunCheckedAsync(
                new Command("genisoimage", "-quiet", "-V", "CIDATA", "-J", "-r", "-o", temporary, "meta-data", "user-data", "network-config") { WorkingDirectory = documents },
                cancellationToken);
            PrivateFiles.Restrict(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            Directory.Delete(documents, recursive: true);
            File.Delete(temporary);
        }

        return path;
    }

    /// <summary>By name, which <c>ssh_config</c> uses, and by the forwarded port for those who connect without it.</summary>
    private static string KnownHosts(ClusterRecord cluster, Dictionary<string, string> hostKeys) =>
        string.Concat(cluster.Nodes.Select(node => string.Create(CultureInfo.InvariantCulture, $"{node.Name},[127.0.0.1]:{node.SshPort} {hostKeys[node.Name]}\n")));

    private static string SshConfig(ClusterRecord cluster)
    {
        var text = new StringBuilder();
        foreach (var node in cluster.Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                Host {node.Name}
                  HostKeyAlias {node.Name}
                  Port {node.SshPort}

                """);
            if (!OperatingSystem.IsWindows())
                text.Append(CultureInfo.InvariantCulture, $"  ControlPath {ControlPath(node)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"""
            Host *
              HostName 127.0.0.1
              User {cluster.User}
              IdentityFile "{cluster.Key()}"
              IdentitiesOnly yes
              UserKnownHostsFile "{cluster.KnownHosts()}"
              GlobalKnownHostsFile none
              StrictHostKeyChecking yes
              UpdateHostKeys no
              BatchMode yes
              ConnectTimeout 30
              ServerAliveInterval 15
              ServerAliveCountMax 8

            """);
        if (!OperatingSystem.IsWindows())
            text.Append("  ControlMaster auto\n  ControlPersist 60\n");
        return text.ToString();
    }

    /// <summary>The socket of a node's one connection; Unix limits the length of its path.</summary>
    internal static string ControlPath(NodeRecord node) => RunFolder.Open().Socket($"ssh-{node.MachineId[..16]}");
}
