using VmCluster.Activities.Processes;

namespace VmCluster.VirtualBox.Tests.Support;

/// <summary>Does something while a command runs.</summary>
/// <param name="inner">Runs it.</param>
/// <param name="isMeant">Which command.</param>
/// <param name="disturb">What is done; the command is under way when it is called.</param>
internal sealed class DisturbingRunner(ICommandRunner inner, Func<Command, bool> isMeant, Func<Task> disturb) : ICommandRunner
{
    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        var result = inner.RunAsync(command, cancellationToken);
        if (isMeant(command))
            await disturb();
        return await result;
    }
}
