using System.CommandLine;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

internal static class RetryCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id, or the beginning of it." };
        var command = new CliCommand("retry", "Runs the failed steps of a run again and goes on.", "vmcluster retry 4f2k") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var owner = session.TakeOwnership();
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            if (instance.Status is WorkflowStatus.Finished)
                throw new RunFinishedException(instance.Id, instance.SubStatus);
            if (!RunReport.HasIncident(instance))
                throw new RunConflictException($"Run {instance.Id} has no failed step", $"It is {instance.SubStatus}; '{session.Outside.Program} resume {instance.Id}' continues one that was interrupted.");
            var rest = await new RunFollower(session, printLines: !parsed.GetValue(session.Json)).ContinueAsync(instance);
            return await RunOutcome.PrintAsync(session, rest, parsed.GetValue(session.Json));
        });
        return command;
    }
}
