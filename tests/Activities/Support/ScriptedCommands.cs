using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Tests.Support;

/// <summary>Answers commands without running them, and remembers them.</summary>
internal sealed class ScriptedCommands(Func<Command, (int ExitCode, string Output, string Error)> answer) : ICommandRunner
{
    public IList<Command> Commands { get; } = [];

    public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        lock (Commands)
            Commands.Add(command);
        var (exitCode, output, error) = answer(command);
        return Task.FromResult(new CommandResult(command, exitCode, output, error, TimeSpan.FromSeconds(1)));
    }
}
