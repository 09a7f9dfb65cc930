using System.CommandLine;

namespace VmCluster.Host.Cli;

internal static class ResumeCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id, or the beginning of it." };
        var command = new CliCommand("resume", "Continues a run that was paused, interrupted or killed.", "vmcluster resume 4f2k") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var owner = session.TakeOwnership();
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            return await RunOutcome.ActAsync(session, parsed, instance, () => session.Runtime.ResumeAsync(instance.Id, Environment.UserName, cancellationToken));
        });
        return command;
    }
}
