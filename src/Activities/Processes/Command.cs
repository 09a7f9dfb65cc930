namespace VmCluster.Activities.Processes;

/// <summary>A program with its arguments, as a list: nothing passes through a shell.</summary>
/// <param name="Program">A name found on the PATH, or an absolute path.</param>
/// <param name="Arguments">The arguments, each as the program gets it.</param>
public sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Given to the program's standard input, which is closed behind it; empty where null.</summary>
    public string? StandardInput { get; init; }

    /// <summary>After this the program is interrupted, then killed. One minute unless told.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an interrupted program may take to tidy up before it is killed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether standard output is thrown away, because it holds a secret: it comes into no result, no journal and no message.</summary>
    public bool DiscardOutput { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>Added to the environment. <c>LC_ALL</c> is <c>C</c> unless it is here, so that messages can be read.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Called with each line of output or error as it comes, one at a time.</summary>
    public Action<string>? OnOutputLine { get; init; }

    /// <summary>The command as a person would type it, for messages and the journal.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(ShellQuoting.Quote));
}

/// <summary>What a command did. Of very long output the beginning and the end are kept.</summary>
public sealed record CommandResult(Command Command, int ExitCode, string Output, string Error, TimeSpan Duration)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs commands on the computer that holds the hypervisor.</summary>
public interface ICommandRunner
{
    /// <summary>Runs to the end, whatever the exit code.</summary>
    /// <exception cref="CommandNotFoundException">There is no such program; the message says how to get it.</exception>
    /// <exception cref="CommandTimeoutException">It took longer than its time limit and was ended.</exception>
    Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken);
}

/// <summary>Conveniences over the one method.</summary>
public static class CommandRunnerExtensions
{
    /// <summary>Runs and expects exit code 0.</summary>
    /// <exception cref="CommandFailedException">Another exit code; the message has the command, the code and the last output.</exception>
    public static async Task<CommandResult> RunCheckedAsync(this ICommandRunner runner, Command command, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(command, cancellationToken);
        return result.Succeeded ? result : throw new CommandFailedException(result);
    }
}
