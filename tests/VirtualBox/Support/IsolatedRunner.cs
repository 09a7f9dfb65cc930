using System.Collections.Concurrent;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.Activities.Processes;

namespace VmCluster.VirtualBox.Tests.Support;

/// <summary>Gives each command the environment of a home, and remembers the commands, and the results of those that VirtualBox's server has let in.</summary>
internal sealed class IsolatedRunner(ICommandRunner inner, IReadOnlyDictionary<string, string> environment) : ICommandRunner
{
    public ConcurrentQueue<Command> Commands { get; } = new();

    public ConcurrentQueue<CommandResult> Results { get; } = new();

    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        Commands.Enqueue(command);
        var result = await inner.RunAsync(command with { Environment = environment.Concat(command.Environment).ToDictionary(p => p.Key, p => p.Value) }, cancellationToken);
        if (VBoxManageError.From(result.ExitCode, result.Output, result.Error)?.Fault != VirtualBoxFault.ServerUnreachable)
            Results.Enqueue(result);
        return result;
    }
}
