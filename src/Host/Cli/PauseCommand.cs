using System.CommandLine;

namespace VmCluster.Host.Cli;

internal static class PauseCommand
{
    public static Command Create(Session session)
    {
        var run = new Argument<string>("RUN") { Description = "The run's id, or the beginning of it." };
        var command = new CliCommand("pause", "Holds a run that is not under way, so that neither a server nor an event continues it.", "vmcluster pause 4f2k") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var owner = session.TakeOwnership();
            var instance = await session.GetRunAsync(parsed.GetRequiredValue(run), cancellationToken);
            await session.Runtime.PauseAsync(instance.Id, Environment.UserName, cancellationToken);
            var paused = await session.Runtime.WaitUntilAtRestAsync(instance.Id, cancellationToken: cancellationToken);
            if (parsed.GetValue(session.Json))
                session.WriteJson(RunReport.Summary(paused));
            session.Say($"Run {paused.Id} is paused. '{session.Outside.Program} resume {paused.Id}' continues it.");
            return ExitCode.Ok;
        });
        return command;
    }
}
