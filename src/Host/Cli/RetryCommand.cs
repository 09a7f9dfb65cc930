using System.CommandLine;

namespace VmCluster.Host.Cli;

internal static class RetryCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id, or the beginning of it." };
        var step = new Option<string?>("--step") { Description = "Only this failed step: its id, or its name in the designer." };
        var inputs = new Option<string[]>("--input") { Description = "An input of the step, in the place of the workflow's; may be given many times.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
        var command = new CliCommand(
            "retry",
            "Runs the failed steps of a run again and goes on.",
            "vmcluster retry 4f2k",
            "vmcluster retry 4f2k --step start-node1 --input ReadyWithin=00:30:00")
        { run, step, inputs };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var values = NamedValue.ParseAll(parsed.GetRequiredValue(inputs));
            using var owner = session.TakeOwnership();
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            var name = parsed.GetValue(step);
            var failed = name is not null || values.Count > 0 ? await FailedStep.FindAsync(session, instance, name, cancellationToken) : null;
            return await RunOutcome.ActAsync(session, parsed, instance, () =>
                session.Runtime.RetryAsync(instance.Id, failed?.ActivityExecutionId, values, Environment.UserName, cancellationToken));
        });
        return command;
    }
}
