using VmCluster.Activities.Identity;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Ssh;

/// <summary>
/// Reaches nodes by the OpenSSH client with the cluster's <c>ssh_config</c>: pinned host keys, one connection per node
/// that later commands share, a time limit on everything.
/// </summary>
public sealed class SshClient(ICommandRunner commands, CommandJournal journal)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Runs a shell script on a node as the cluster's user, whatever its exit code. 255 is SSH's own failure.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="node">The node.</param>
    /// <param name="script">For <c>sh</c>; its standard input is empty.</param>
    /// <param name="timeout">Two minutes where null.</param>
    /// <param name="cancellationToken">Ends the client; the remote command gets a hang-up.</param>
    public async Task<CommandResult> RunAsync(ClusterRecord cluster, NodeRecord node, string script, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using var about = journal.About(node.Name);
        return await commands.RunAsync(Ssh(cluster, node, [ShellQuoting.Quote("sh"), "-c", ShellQuoting.Quote(script)], timeout), cancellationToken);
    }

    /// <summary>Runs a shell script on a node and expects exit code 0.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="node">The node.</param>
    /// <param name="what">What it does, for the message of a failure: "mounting /shared".</param>
    /// <param name="script">For <c>sh</c>.</param>
    /// <param name="timeout">Two minutes where null.</param>
    /// <param name="cancellationToken">Ends the client.</param>
    /// <exception cref="NodeCommandException">Another exit code.</exception>
    public async Task<string> RunCheckedAsync(ClusterRecord cluster, NodeRecord node, string what, string script, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var result = await RunAsync(cluster, node, script, timeout, cancellationToken);
        return result.Succeeded ? result.Output : throw new NodeCommandException(cluster.Name, node.Name, what, result);
    }

    /// <summary>Puts a file of the host on a node: as a whole, with its mode, or not at all.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="node">The node.</param>
    /// <param name="source">Absolute path on the host.</param>
    /// <param name="target">Absolute path on the node; its folder is made if need be. Written by root if the user may not.</param>
    /// <param name="mode">Octal, for instance <c>0644</c>.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    public async Task CopyAsync(ClusterRecord cluster, NodeRecord node, string source, string target, string mode, CancellationToken cancellationToken)
    {
        using var about = journal.About(node.Name);
        var temporary = $"/tmp/vmcluster-copy-{Guid.NewGuid():N}";
        var scp = new Command("scp", "-q", "-F", cluster.SshConfig(), "--", source, $"{node.Name}:{temporary}") { Timeout = TimeSpan.FromMinutes(30) };
        var copied = await commands.RunAsync(scp, cancellationToken);
        if (!copied.Succeeded)
            throw new NodeCommandException(cluster.Name, node.Name, $"copying '{source}'", copied);
        var quoted = ShellQuoting.Quote(target);
        var folder = ShellQuoting.Quote(target[..Math.Max(target.LastIndexOf('/'), 1)]);
        var part = ShellQuoting.Quote(target + ".part");
        var install = $"mkdir -p {folder} && install -m {ShellQuoting.Quote(mode)} {temporary} {part} && mv -f {part} {quoted}";
        await RunCheckedAsync(cluster, node, $"putting '{target}' in place",
            $"({install}) 2>/dev/null || sudo sh -c {ShellQuoting.Quote(install)}; result=$?; rm -f {temporary}; exit $result", null, cancellationToken);
    }

    /// <summary>Closes the shared connection to a node, if there is one.</summary>
    public async Task CloseAsync(ClusterRecord cluster, NodeRecord node, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(ClusterIdentity.ControlPath(node)))
            return;
        using var silence = journal.Silence();
        await commands.RunAsync(new Command("ssh", "-F", cluster.SshConfig(), "-O", "exit", node.Name), cancellationToken);
        File.Delete(ClusterIdentity.ControlPath(node));
    }

    private static Command Ssh(ClusterRecord cluster, NodeRecord node, IReadOnlyList<string> remote, TimeSpan? timeout) =>
        new("ssh", ["-F", cluster.SshConfig(), node.Name, "--", .. remote]) { Timeout = timeout ?? DefaultTimeout };
}
