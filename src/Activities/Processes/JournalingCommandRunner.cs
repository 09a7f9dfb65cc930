namespace VmCluster.Activities.Processes;

/// <summary>Runs commands and writes each into the journal of the step that runs it. Standard input, which may hold keys, is never written.</summary>
public sealed class JournalingCommandRunner(ICommandRunner inner, CommandJournal journal, TimeProvider timeProvider) : ICommandRunner
{
    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        var started = timeProvider.GetTimestamp();
        try
        {
            var result = await inner.RunAsync(command, cancellationToken);
            journal.Write(command, result.ExitCode, result.Duration, string.Join('\n', new[] { result.Output.Trim(), result.Error.Trim() }.Where(text => text.Length > 0)));
            return result;
        }
        catch (Exception e)
        {
            journal.Write(command, exitCode: null, timeProvider.GetElapsedTime(started), e.Message);
            throw;
        }
    }
}
