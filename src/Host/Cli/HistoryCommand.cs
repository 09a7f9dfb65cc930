using System.CommandLine;
using VmCluster.Host.Cli.Rendering;

namespace VmCluster.Host.Cli;

internal static class HistoryCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id, or the beginning of it." };
        var command = new CliCommand("history", "Shows all that a run did, from its journal.", "vmcluster history 4f2k", "vmcluster history 4f2k --json | jq '.[] | select(.eventName==\"Command\")'") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            var journal = await session.Runs.JournalAsync(instance.Id, cancellationToken: cancellationToken);
            if (parsed.GetValue(session.Json))
            {
                session.WriteJson(journal);
                return ExitCode.Ok;
            }

            session.Say($"{Text.Plain(instance.Name ?? instance.DefinitionId)}, run {instance.Id}, version {instance.Version} of {Text.Plain(instance.DefinitionId)}: {StatePaint.Of(session.ErrorStyle, RunReport.StateOf(instance))}");
            JournalTable.Write(session, journal, await RunReport.TreeAsync(session, instance, cancellationToken));
            return ExitCode.Ok;
        });
        return command;
    }
}
