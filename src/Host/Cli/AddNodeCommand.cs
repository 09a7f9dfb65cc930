using System.CommandLine;
using System.Text.Json;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

internal static class AddNodeCommand
{
    private const string Verb = "add-node";

    public static Command Create(Session session)
    {
        var name = new Argument<string>("NAME") { Description = "The cluster." };
        var count = new Option<int>("--count") { Description = "How many.", DefaultValueFactory = _ => 1 };
        var command = new CliCommand(Verb, "Adds nodes to a running cluster, which goes on working meanwhile.", "vmcluster add-node demo", "vmcluster add-node demo --count 2") { name, count };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var owner = session.TakeOwnership();
            var cluster = await session.Ledger.GetAsync(parsed.GetRequiredValue(name), cancellationToken);
            var runs = new ClusterRuns(session);
            var run = await runs.FindUnfinishedAsync(cluster.Name, cancellationToken);
            if (run is not null && !ClusterRuns.IsOf(run, Verb))
                throw runs.Conflict(run);

            var rest = run is not null
                ? await runs.ContinueAsync(run, cancellationToken)
                : await runs.StartAsync(Verb, cluster.Name, WorkflowLibrary.AddNode, new() { ["Count"] = JsonSerializer.SerializeToElement(parsed.GetValue(count)) }, cancellationToken);
            if (await runs.EndIfRefusedAsync(rest))
                return ExitCode.PreflightRefused;
            if (rest.SubStatus is WorkflowSubStatus.Finished)
            {
                cluster = await session.Ledger.GetAsync(cluster.Name, CancellationToken.None);
                return await ReadyCluster.PrintAsync(session, await ClusterView.LookAsync(session, cluster, CancellationToken.None), rest, parsed.GetValue(session.Json), CancellationToken.None);
            }

            if (parsed.GetValue(session.Json))
                session.WriteJson(RunReport.Summary(rest));
            await RunReport.SayWhatIsNextAsync(session, rest, $"{Verb} {cluster.Name}");
            return RunReport.ExitCodeOf(rest);
        });
        return command;
    }
}
