using System.CommandLine;
using VmCluster.Host.Cli.Rendering;

namespace VmCluster.Host.Cli;

internal static class ListCommand
{
    public static Command Create(Session session)
    {
        var command = new CliCommand("list", "Lists the clusters.", "vmcluster list", "vmcluster list --json | jq -r '.[].name'");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var clusters = await session.Ledger.ListAsync(cancellationToken);
            var views = await Task.WhenAll(clusters.Select(cluster => ClusterView.LookAsync(session, cluster, cancellationToken)));
            if (parsed.GetValue(session.Json))
                session.WriteJson(views.Select(Data));
            else if (views.Length == 0)
                session.Say($"There are no clusters yet. '{session.Outside.Program} up' builds one.");
            else
                Write(session, views);
            return ExitCode.Ok;
        });
        return command;
    }

    private static object Data(ClusterView view) => new
    {
        view.Cluster.Name,
        view.State,
        Nodes = view.Nodes.Count,
        view.Running,
        view.Cluster.Provider,
        view.Cluster.Image,
        view.Cluster.Subnet,
        view.Cluster.CreatedAt,
        view.Cluster.VerifiedAt,
        Run = view.Cluster.RunId,
    };

    private static void Write(Session session, IEnumerable<ClusterView> views)
    {
        var table = new Table("NAME", "STATE", "NODES", "PROVIDER", "IMAGE", "SUBNET", "CREATED");
        foreach (var view in views)
        {
            table.Add(
                view.Cluster.Name,
                view.State,
                $"{view.Nodes.Count}",
                view.Cluster.Provider,
                view.Cluster.Image,
                view.Cluster.Subnet,
                Text.Of(view.Cluster.CreatedAt, session.Outside.Time));
        }

        table.Write(session.Outside.Out, session.OutStyle, (header, text) => header is "STATE" ? StatePaint.Of(session.OutStyle, text) : text);
    }
}
