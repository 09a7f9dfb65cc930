using System.CommandLine;
using VmCluster.Activities.Ledger;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

internal static class DestroyCommand
{
    private const string Verb = "destroy";

    public static Command Create(Session session)
    {
        var name = new Argument<string>("NAME") { Description = "The cluster." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new CliCommand(Verb, "Removes a cluster: its machines, disks, ports, keys and records.", "vmcluster destroy demo", "vmcluster destroy demo --yes") { name, yes };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var cluster = parsed.GetRequiredValue(name);
            using var owner = session.TakeOwnership();
            var runs = new ClusterRuns(session);
            var record = await session.Ledger.FindAsync(cluster, cancellationToken);
            var run = await runs.FindUnfinishedAsync(cluster, cancellationToken);
            if (record is null && run is null)
                throw new ClusterNotFoundException(cluster);
            if (!parsed.GetValue(yes) && !Confirm(session, cluster, record))
            {
                session.Say("Nothing was removed.");
                return ExitCode.Ok;
            }

            if (run is not null && !ClusterRuns.IsOf(run, Verb))
            {
                session.Say($"Giving up run {run.Id} ({run.Name ?? run.DefinitionId}).");
                await session.Runtime.CancelAsync(run.Id, Environment.UserName, cancellationToken);
                await session.Runtime.WaitUntilAtRestAsync(run.Id, cancellationToken: cancellationToken);
                run = null;
            }

            // The run may have been given up before it had planned anything.
            if (record is null && run is null)
                return ExitCode.Ok;
            var rest = run is not null
                ? await runs.ContinueAsync(run, cancellationToken)
                : await runs.StartAsync(Verb, cluster, WorkflowLibrary.Destroy, [], cancellationToken);
            if (parsed.GetValue(session.Json))
                session.WriteJson(RunReport.Summary(rest));
            if (rest.SubStatus is WorkflowSubStatus.Finished)
                session.Say($"Cluster '{cluster}' is gone.");
            else
                await RunReport.SayWhatIsNextAsync(session, rest, $"{Verb} {cluster} --yes");
            return RunReport.ExitCodeOf(rest);
        });
        return command;
    }

    private static bool Confirm(Session session, string cluster, ClusterRecord? record)
    {
        if (!session.Outside.InIsTerminal)
            throw new UsageException($"'{Verb}' removes cluster '{cluster}' for good and there is no terminal to ask on", $"Say so: {session.Outside.Program} {Verb} {cluster} --yes");
        session.Outside.Error.Write($"Remove cluster '{cluster}' with its {record?.Nodes.Count ?? 0} nodes and all that is on their disks? [y/N] ");
        return session.Outside.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
