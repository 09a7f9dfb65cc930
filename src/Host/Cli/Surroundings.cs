using VmCluster.Activities;

namespace VmCluster.Host.Cli;

/// <summary>Everything outside that a command line touches, so that tests can put their own in its place.</summary>
internal sealed record Surroundings
{
    /// <summary>For data.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>For progress and messages.</summary>
    public required TextWriter Error { get; init; }

    public required TextReader In { get; init; }

    public required DataFolder Folder { get; init; }

    /// <summary>The folder of the shipped workflows.</summary>
    public required string Workflows { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
    public bool InIsTerminal { get; init; }
    public bool OutIsTerminal { get; init; }
    public bool ErrorIsTerminal { get; init; }
    public bool NoColor { get; init; }

    /// <summary>How the user calls us, for commands to copy.</summary>
    public string Program { get; init; } = "vmcluster";

    /// <summary>What the user typed, to name it to others who find the data folder taken.</summary>
    public string CommandText { get; init; } = "vmcluster";

    /// <summary>Cancelled when the user wants to stop.</summary>
    public CancellationToken Interrupted { get; init; }

    public static Surroundings OfThisProcess(string[] arguments, CancellationToken interrupted)
    {
        var program = Environment.GetEnvironmentVariable("VMCLUSTER_PROGRAM") is { Length: > 0 } name ? name : "vmcluster";
        var dumb = string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);
        return new Surroundings
        {
            Out = Console.Out,
            Error = Console.Error,
            In = Console.In,
            Folder = DataFolder.FromEnvironment(),
            Workflows = Path.Combine(AppContext.BaseDirectory, "workflows"),
            InIsTerminal = !Console.IsInputRedirected,
            OutIsTerminal = !Console.IsOutputRedirected && !dumb,
            ErrorIsTerminal = !Console.IsErrorRedirected && !dumb,
            NoColor = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 },
            Program = program,
            CommandText = string.Join(' ', arguments.Prepend(program)),
            Interrupted = interrupted,
        };
    }
}
