namespace VmCluster.Activities.Processes;

public sealed class CommandFailedException(CommandResult result, string remedy = "Correct the cause and retry the step.")
    : VmClusterException($"'{result.Command}' ended with exit code {result.ExitCode}: {LastLines(result)}", remedy)
{
    public CommandResult Result { get; } = result;

    private static string LastLines(CommandResult result)
    {
        var text = result.Error.Trim() is { Length: > 0 } error ? error : result.Output.Trim();
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "it printed nothing" : string.Join(" | ", lines.TakeLast(3));
    }
}

public sealed class CommandNotFoundException(string program, string remedy)
    : VmClusterException($"'{program}' is not installed", remedy);

public sealed class CommandTimeoutException(Command command, string lastOutput)
    : VmClusterException($"'{command}' did not end within {command.Timeout.TotalSeconds:0} s and was stopped; its last output: {lastOutput}", "Look whether the computer is overloaded, then retry the step.");
