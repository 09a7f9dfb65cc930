using System.Diagnostics;

namespace VmCluster.EndToEnd.Support;

/// <summary>Runs the real executable as a user would, on a data folder of the test's.</summary>
/// <param name="home">The data folder.</param>
/// <param name="pathFirst">A folder put before the PATH, for stand-ins that hold a program up.</param>
/// <param name="onlyPath">The whole PATH, for a computer that lacks programs.</param>
public sealed class VmClusterCli(TestHome home, string? pathFirst = null, string? onlyPath = null)
{
    private static string Executable => Path.Combine(AppContext.BaseDirectory, "vmcluster");

    /// <summary>Starts a command; its output is collected.</summary>
    public RunningCli Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["VMCLUSTER_HOME"] = home.Root;
        if (pathFirst is not null)
            start.Environment["PATH"] = pathFirst + ":" + Environment.GetEnvironmentVariable("PATH");
        if (onlyPath is not null)
            start.Environment["PATH"] = onlyPath;
        return new RunningCli(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<CliResult> RunAsync(params string[] arguments)
    {
        using var cli = Start(arguments);
        return await cli.WaitAsync();
    }
}

/// <summary>A command that is running.</summary>
public sealed class RunningCli : IDisposable
{
    private readonly Process process;
    private readonly Task<string?> firstLine;
    private readonly Task<string> output;
    private readonly Task<string> error;

    internal RunningCli(Process process)
    {
        this.process = process;
        process.StandardInput.Close();
        firstLine = process.StandardOutput.ReadLineAsync();
        output = ReadOutputAsync();
        error = process.StandardError.ReadToEndAsync();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>The first line of its output, for a command that goes on; null where it ended without one.</summary>
    public Task<string?> FirstLineAsync() => firstLine;

    public void Signal(int signal) => Signals.Send(process.Id, signal);

    public async Task<CliResult> WaitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await process.WaitForExitAsync(limit.Token);
        return new CliResult(process.ExitCode, await output, await error);
    }

    /// <summary>Waits for the end of a process that was killed: what it started may still hold its output open.</summary>
    public Task WaitForExitAsync() => process.WaitForExitAsync();

    private async Task<string> ReadOutputAsync()
    {
        var first = await firstLine;
        return first is null ? "" : $"{first}\n{await process.StandardOutput.ReadToEndAsync()}";
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}

/// <param name="ExitCode">As documented: 0 ok, 2 usage, 3 not found, 4 conflict, 5 refused, 6 incident, 130 interrupted.</param>
/// <param name="Output">Standard output: data.</param>
/// <param name="Error">Standard error: progress and messages.</param>
public sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>Asserts the exit code; the message of a failure has all that was printed.</summary>
    public CliResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}\n--- stdout\n{Output}\n--- stderr\n{Error}");
        return this;
    }
}
