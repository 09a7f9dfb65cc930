using System.CommandLine;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

internal static class ResumeCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id, or the beginning of it." };
        var command = new CliCommand("resume", "Continues a run that was interrupted or killed.", "vmcluster resume 4f2k") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var owner = session.TakeOwnership();
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            if (instance.Status is WorkflowStatus.Finished)
                throw new RunFinishedException(instance.Id, instance.SubStatus);
            var rest = await new RunFollower(session, printLines: !parsed.GetValue(session.Json)).ActAsync(instance, () => session.Runtime.ResumeAsync(instance.Id, Environment.UserName, cancellationToken));
            return await RunOutcome.PrintAsync(session, rest, parsed.GetValue(session.Json));
        });
        return command;
    }
}
