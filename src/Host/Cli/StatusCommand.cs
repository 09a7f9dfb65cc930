using System.CommandLine;
using VmCluster.Host.Cli.Rendering;

namespace VmCluster.Host.Cli;

internal static class StatusCommand
{
    public static Command Create(Session session)
    {
        var name = new Argument<string>("NAME") { Description = "The cluster." };
        var command = new CliCommand("status", "Shows the nodes of a cluster as they are now.", "vmcluster status demo", "vmcluster status demo --json") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var cluster = await session.Ledger.GetAsync(parsed.GetRequiredValue(name), cancellationToken);
            var view = await ClusterView.LookAsync(session, cluster, cancellationToken);
            if (parsed.GetValue(session.Json))
                session.WriteJson(Data(session, view));
            else
                Write(session, view);
            return ExitCode.Ok;
        });
        return command;
    }

    private static object Data(Session session, ClusterView view) => new
    {
        view.Cluster.Name,
        view.State,
        view.Cluster.Provider,
        view.Cluster.Image,
        view.Cluster.Subnet,
        view.Cluster.User,
        view.Cluster.CreatedAt,
        view.Cluster.VerifiedAt,
        Run = view.Cluster.RunId,
        Nodes = view.Nodes.Select(node => new
        {
            node.Node.Name,
            node.State,
            node.Node.Address,
            node.Node.SshPort,
            node.Vm?.ProcessId,
            UptimeSeconds = node.Uptime(session.Outside.Time) is { } uptime ? Math.Round(uptime.TotalSeconds) : (double?)null,
            node.Vm?.Detail,
        }),
    };

    private static void Write(Session session, ClusterView view)
    {
        var table = new Table("NODE", "STATE", "ADDRESS", "SSH PORT", "PID", "UP");
        foreach (var node in view.Nodes)
        {
            table.Add(
                node.Node.Name,
                node.State,
                node.Node.Address,
                $"{node.Node.SshPort}",
                node.Vm?.ProcessId is { } process ? $"{process}" : null,
                node.Uptime(session.Outside.Time) is { } uptime ? Text.Of(uptime) : null);
        }

        table.Write(session.Outside.Out, session.OutStyle, (header, text) => header is "STATE" ? StatePaint.Of(session.OutStyle, text) : text);
        if (view.Cluster.VerifiedAt is null)
            session.Say($"Its workflow has not finished: '{session.Outside.Program} up {view.Cluster.Name}' continues it.");
    }
}
