using System.CommandLine;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Cli;

internal static class MigrateCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id, or the beginning of it." };
        var to = new Option<int?>("--to") { Description = "The version's number; the published one unless told.", HelpName = "VERSION" };
        var command = new CliCommand("migrate", "Moves a run to another version of its workflow and continues it there.", "vmcluster migrate 4f2k", "vmcluster migrate 4f2k --to 3") { run, to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var owner = session.TakeOwnership();
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            var target = await FindAsync(session, instance.DefinitionId, parsed.GetValue(to), cancellationToken);
            await session.Runtime.MigrateAsync(instance.Id, target, Environment.UserName, cancellationToken);
            session.Say($"Run {instance.Id} is on version {target.Version} now.");
            var moved = await session.GetRunAsync(instance.Id, cancellationToken);
            var rest = await new RunFollower(session, printLines: !parsed.GetValue(session.Json)).ContinueAsync(moved);
            return await RunOutcome.PrintAsync(session, rest, parsed.GetValue(session.Json));
        });
        return command;
    }

    private static Task<WorkflowDefinition> FindAsync(Session session, string definitionId, int? version, CancellationToken cancellationToken) =>
        session.Definitions.GetAsync(definitionId, version is { } number ? VersionOptions.Number(number) : VersionOptions.Published, cancellationToken);
}
