using System.CommandLine;

namespace VmCluster.Host.Cli;

internal static class SkipCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id, or the beginning of it." };
        var step = new Argument<string?>("STEP") { Description = "The failed step, where there are several.", DefaultValueFactory = _ => null };
        var outcome = new Option<string>("--outcome") { Description = "How the step is taken to have ended.", DefaultValueFactory = _ => "Done" };
        var command = new CliCommand("skip", "Counts a failed step as done and goes on behind it.", "vmcluster skip 4f2k", "vmcluster skip 4f2k check --outcome False") { run, step, outcome };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var owner = session.TakeOwnership();
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            var failed = await FailedStep.FindAsync(session, instance, parsed.GetValue(step), cancellationToken);
            return await RunOutcome.ActAsync(session, parsed, instance, () =>
                session.Runtime.SkipAsync(instance.Id, failed.ActivityExecutionId, parsed.GetRequiredValue(outcome), Environment.UserName, cancellationToken));
        });
        return command;
    }
}
