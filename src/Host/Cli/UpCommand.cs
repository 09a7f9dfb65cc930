using System.CommandLine;
using VmCluster.Activities.Ledger;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

internal static class UpCommand
{
    private const string Verb = "up";

    public static Command Create(Session session)
    {
        var options = new UpOptions();
        var command = new CliCommand(
            Verb,
            "Builds a cluster, or continues where building it stopped, or starts its nodes again.",
            "vmcluster up",
            "vmcluster up big --nodes 6 --memory 1024 --cpus 2",
            "vmcluster up lab --image /images/lab.qcow2#sha256=4f1c...");
        options.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var owner = session.TakeOwnership();
            var name = parsed.GetRequiredValue(options.Name);
            var cluster = await session.Ledger.FindAsync(name, cancellationToken);
            if (cluster is not null)
                RefuseDifferences(session, options.DifferencesFrom(cluster, parsed), cluster);

            var runs = new ClusterRuns(session);
            var run = await runs.FindUnfinishedAsync(name, cancellationToken);
            if (run is not null && !ClusterRuns.IsOf(run, Verb))
                throw runs.Conflict(run);
            if (run is not null && cluster is null && options.Inputs(parsed).Count > 0)
            {
                // Nothing was planned yet, so there is nothing to keep: the options given now are what the user wants.
                await session.Runtime.CancelAsync(run.Id, Environment.UserName, cancellationToken);
                run = null;
            }

            WorkflowInstance rest;
            if (run is not null)
            {
                rest = await runs.ContinueAsync(run, cancellationToken);
            }
            else if (cluster is null)
            {
                rest = await runs.StartAsync(Verb, name, parsed.GetValue(options.Workflow) ?? WorkflowLibrary.Build, options.Inputs(parsed), cancellationToken);
            }
            else if (cluster.VerifiedAt is null)
            {
                throw new ClusterConflictException($"Cluster '{name}' is incomplete and the run that built it was given up", $"'{session.Outside.Program} destroy {name}' removes what there is; then build it anew.");
            }
            else if ((await ClusterView.LookAsync(session, cluster, cancellationToken)) is { State: "running" } view)
            {
                session.Say($"Cluster '{name}' is up already.");
                return await ReadyCluster.PrintAsync(session, view, run: null, parsed.GetValue(session.Json), cancellationToken);
            }
            else
            {
                rest = await runs.StartAsync(Verb, name, WorkflowLibrary.Start, [], cancellationToken);
            }

            return await FinishAsync(session, name, rest, parsed.GetValue(session.Json));
        });
        return command;
    }

    private static async Task<int> FinishAsync(Session session, string name, WorkflowInstance run, bool json)
    {
        if (await new ClusterRuns(session).EndIfRefusedAsync(run))
            return ExitCode.PreflightRefused;
        if (run is { SubStatus: WorkflowSubStatus.Finished } && await session.Ledger.FindAsync(name, CancellationToken.None) is { } cluster)
            return await ReadyCluster.PrintAsync(session, await ClusterView.LookAsync(session, cluster, CancellationToken.None), run, json, CancellationToken.None);
        if (json)
            session.WriteJson(RunReport.Summary(run));
        await RunReport.SayWhatIsNextAsync(session, run, $"{Verb} {name}");
        return RunReport.ExitCodeOf(run);
    }

    private static void RefuseDifferences(Session session, IReadOnlyList<string> differences, ClusterRecord cluster)
    {
        if (differences.Count > 0)
        {
            throw new UsageException(
                $"Cluster '{cluster.Name}' exists with other values: {string.Join(", ", differences)}",
                $"Leave the options out to continue or start it; '{session.Outside.Program} add-node {cluster.Name}' adds nodes; '{session.Outside.Program} destroy {cluster.Name}' makes room for another.");
        }
    }
}
