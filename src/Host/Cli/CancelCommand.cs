using System.CommandLine;

namespace VmCluster.Host.Cli;

internal static class CancelCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id, or the beginning of it." };
        var command = new CliCommand("cancel", "Ends a run for good; what it has made stays.", "vmcluster cancel 4f2k") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var owner = session.TakeOwnership();
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            await session.Runtime.CancelAsync(instance.Id, Environment.UserName, cancellationToken);
            var ended = await session.Runtime.WaitUntilAtRestAsync(instance.Id, cancellationToken: cancellationToken);
            if (parsed.GetValue(session.Json))
                session.WriteJson(RunReport.Summary(ended));
            session.Say($"Run {ended.Id} is {ended.SubStatus}.");
            if (ended.CorrelationId is { } cluster && await session.Ledger.FindAsync(cluster, cancellationToken) is not null)
                session.Say($"What is there of cluster '{cluster}' stays until '{session.Outside.Program} destroy {cluster}'.");
            return ExitCode.Ok;
        });
        return command;
    }
}
