using System.CommandLine;

namespace VmCluster.Host.Cli;

internal static class SshCommand
{
    public static Command Create(Session session)
    {
        var name = new Argument<string>("NAME") { Description = "The cluster." };
        var node = new Argument<string?>("NODE") { Description = "The node; the front end if left out.", Arity = ArgumentArity.ZeroOrOne };
        var command = new CliCommand(
            "ssh",
            "Logs in to a node, or runs what stands behind '--' in its shell.",
            "vmcluster ssh demo",
            "vmcluster ssh demo node1 -- ssh node2 hostname",
            "tar c data | vmcluster ssh demo -- tar x -C /shared")
        { name, node };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var cluster = await session.Ledger.GetAsync(parsed.GetRequiredValue(name), cancellationToken);
            List<string> arguments = ["-F", ClusterSsh.ConfigOf(session, cluster)];
            if (session.RemoteCommand.Count > 0 && session.Outside is { InIsTerminal: true, OutIsTerminal: true })
                arguments.AddRange(["-t", "-o", "LogLevel=ERROR"]); // So that editors and top work as they do in a login.
            arguments.Add((parsed.GetValue(node) is { } named ? cluster.Node(named) : cluster.Nodes.First(each => each.IsFrontEnd)).Name);
            if (session.RemoteCommand.Count > 0)
                arguments.AddRange(["--", .. session.RemoteCommand]);
            return Foreground.Run("ssh", arguments);
        });
        return command;
    }
}
