using System.CommandLine;
using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

internal static class RunsCommand
{
    public static Command Create(Session session)
    {
        var cluster = new Option<string?>("--cluster") { Description = "Only those of this cluster." };
        var last = new Option<int>("--last") { Description = "At most so many.", DefaultValueFactory = _ => 20 };
        var command = new CliCommand("runs", "Lists the runs of workflows, the newest first; moves them between installations.", "vmcluster runs", "vmcluster runs --cluster demo --json", "vmcluster runs export 4f2k --to evidence")
        {
            cluster,
            last,
            RunFilesCommand.CreateExport(session),
            RunFilesCommand.CreateImport(session),
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var runs = await session.Runs.ListAsync(parsed.GetValue(cluster), take: parsed.GetValue(last), cancellationToken: cancellationToken);
            if (parsed.GetValue(session.Json))
                session.WriteJson(runs.Select(RunReport.Summary));
            else if (runs.Count == 0)
                session.Say("There are no runs yet.");
            else
                Write(session, runs);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Write(Session session, IEnumerable<WorkflowInstance> runs)
    {
        var table = new Table("RUN", "NAME", "STATE", "INCIDENTS", "STARTED", "TOOK");
        foreach (var run in runs)
        {
            table.Add(
                run.Id,
                run.Name ?? run.DefinitionId,
                RunReport.StateOf(run),
                $"{RunReport.OpenIncidents(run).Count()}",
                Text.Of(run.CreatedAt, session.Outside.Time),
                run.FinishedAt is { } end ? Text.Of(end - run.CreatedAt) : null);
        }

        table.Write(session.Outside.Out, session.OutStyle, (header, text) => header is "STATE" ? StatePaint.Of(session.OutStyle, text) : text);
    }
}
