using System.ComponentModel;
using Medallion.Shell;
using Child = Medallion.Shell.Command;

namespace VmCluster.Activities.Processes;

/// <summary>Runs commands on this computer.</summary>
public sealed class CommandRunner(TimeProvider timeProvider) : ICommandRunner
{
    // A program that has ended may leave a daemon behind that holds its pipes; its last output is waited for this long.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(1);

    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = timeProvider.GetTimestamp();
        using var timeout = new CancellationTokenSource(command.Timeout, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var child = Start(command);

        var output = new CapturedText();
        var error = new CapturedText();
        using var stopReading = new CancellationTokenSource();
        var lines = new Lock();
        var pipes = Task.WhenAll(
            WriteInputAsync(child, command.StandardInput),
            command.DiscardOutput ? DiscardAsync(child.StandardOutput, stopReading.Token) : ReadAsync(child.StandardOutput, output, lines, command.OnOutputLine, stopReading.Token),
            ReadAsync(child.StandardError, error, lines, command.OnOutputLine, stopReading.Token));

        var exit = child.Process.WaitForExitAsync(CancellationToken.None);
        try
        {
            await exit.WaitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(child, exit, command.Grace);
        }

        // Whoever still holds the pipes must not hold us.
        await Task.WhenAny(pipes, Task.Delay(PipeGrace, timeProvider, CancellationToken.None));
        await stopReading.CancelAsync();

        cancellationToken.ThrowIfCancellationRequested();
        var (outputText, errorText) = Snapshot(lines, output, error);
        if (timeout.IsCancellationRequested)
            throw new CommandTimeoutException(command, CommandFailedException.LastLines(outputText, errorText));
        return new CommandResult(command, child.Process.ExitCode, outputText, errorText, timeProvider.GetElapsedTime(started));
    }

    private static Child Start(Command command)
    {
        if (command.WorkingDirectory is { } directory && !Directory.Exists(directory))
            throw new CommandStartException(command, $"its working directory '{directory}' does not exist");
        try
        {
            return Child.Run(command.Program, command.Arguments, options =>
            {
                options.DisposeOnExit(false).EnvironmentVariable("LC_ALL", "C").EnvironmentVariables(command.Environment);
                if (command.WorkingDirectory is { } workingDirectory)
                    options.WorkingDirectory(workingDirectory);
            });
        }
        catch (Win32Exception e) when (e.NativeErrorCode == 2)
        {
            throw new CommandNotFoundException(command.Program, Programs.Remedy(command.Program));
        }
        catch (Win32Exception e)
        {
            throw new CommandStartException(command, e.Message);
        }
    }

    private async Task EndAsync(Child child, Task exit, TimeSpan grace)
    {
        var tree = ProcessTree.Of(child.ProcessId);
        await child.TrySignalAsync(CommandSignal.ControlC);
        await Task.WhenAny(exit, Task.Delay(grace, timeProvider, CancellationToken.None));
        if (!exit.IsCompleted)
            tree = ProcessTree.Of(child.ProcessId);
        tree.Kill();
        if (!exit.IsCompleted)
            child.Process.Kill(entireProcessTree: true);
        await exit;
    }

    private static async Task WriteInputAsync(Child child, string? text)
    {
        try
        {
            if (text is not null)
                await child.StandardInput.WriteAsync(text);
            child.StandardInput.Close();
        }
        catch (IOException)
        {
            // A program may end without reading its input; its exit code says whether it minded.
        }
    }

    private static Task DiscardAsync(TextReader reader, CancellationToken cancellationToken)
        => ReadAsync(reader, new CapturedText(), new Lock(), onLine: null, cancellationToken);

    private static async Task ReadAsync(TextReader reader, CapturedText text, Lock oneAtATime, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var buffer = new char[4096];
        var lines = new OutputLines(onLine ?? (_ => { }));
        try
        {
            int count;
            while ((count = await reader.ReadAsync(buffer.AsMemory(), cancellationToken)) > 0)
            {
                lock (oneAtATime)
                {
                    text.Append(buffer.AsSpan(0, count));
                    lines.Append(buffer.AsSpan(0, count));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Somebody else holds the pipe; what the program itself wrote has been read.
        }

        lock (oneAtATime)
            lines.Flush();
    }

    private static (string Output, string Error) Snapshot(Lock oneAtATime, CapturedText output, CapturedText error)
    {
        lock (oneAtATime)
            return (output.ToString(), error.ToString());
    }
}
