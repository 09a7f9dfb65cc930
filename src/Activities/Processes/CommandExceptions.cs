namespace VmCluster.Activities.Processes;

public sealed class CommandFailedException(CommandResult result, string remedy = "Correct the cause and retry the step.")
    : VmClusterException($"'{result.Command}' ended with exit code {result.ExitCode}: {LastLines(result.Output, result.Error)}", remedy)
{
    public CommandResult Result { get; } = result;

    /// <summary>The last three lines of the errors, or of the output where there were none, as one line.</summary>
    internal static string LastLines(string output, string error)
    {
        var text = error.Trim() is { Length: > 0 } errors ? errors : output.Trim();
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "it printed nothing" : string.Join(" | ", lines.TakeLast(3));
    }
}

public sealed class CommandNotFoundException(string program, string remedy)
    : VmClusterException($"'{program}' is not installed", remedy);

/// <summary>The program is there, but the system would not start it.</summary>
public sealed class CommandStartException(Command command, string why)
    : VmClusterException($"'{command}' could not be started: {why}", "Correct the cause and retry the step.");

public sealed class CommandTimeoutException(Command command, string lastOutput)
    : VmClusterException($"'{command}' did not end within {command.Timeout.TotalSeconds:0} s and was stopped; its last output: {lastOutput}", "Look whether the computer is overloaded, then retry the step.");
