using VmCluster.Workflows;

namespace VmCluster.Activities.Processes;

/// <summary>
/// Ties the commands that a step runs to its place in the journal. What a step starts flows with its asynchronous
/// calls, so steps that run side by side keep their commands apart.
/// </summary>
public sealed class CommandJournal
{
    private readonly AsyncLocal<Scope?> current = new();

    /// <summary>From here to the disposal, commands are journaled as this activity's.</summary>
    public IDisposable Begin(ActivityExecutionContext context) => Enter(context.AddExecutionLogEntry, null);

    /// <summary>From here to the disposal, commands are journaled as about this node.</summary>
    public IDisposable About(string node) => Enter(current.Value?.Write, node);

    /// <summary>From here to the disposal, commands are not journaled: attempts that are expected to fail.</summary>
    public IDisposable Silence() => Enter(null, null);

    internal void Write(Command command, int? exitCode, TimeSpan duration, string output)
    {
        if (current.Value is not { Write: { } write } scope)
            return;
        var text = Tail(command.ToString());
        var result = exitCode is null ? "did not end" : $"exit code {exitCode}";
        write("Command", $"{(scope.Node is null ? "" : scope.Node + ": ")}{FirstLine(text)} ({result}, {duration.TotalSeconds:0.0} s)", new
        {
            node = scope.Node,
            command = text,
            exitCode,
            seconds = Math.Round(duration.TotalSeconds, 3),
            output = Tail(output),
        });
    }

    private Scope Enter(Action<string, string?, object?>? write, string? node) => current.Value = new Scope(this, current.Value, write, node);

    private static string FirstLine(string text) => text.Split('\n', 2) is [var first, _] ? first + " ..." : text;

    private static string Tail(string text) => text.Length <= 2048 ? text : "..." + text[^2045..];

    private sealed record Scope(CommandJournal Owner, Scope? Outer, Action<string, string?, object?>? Write, string? Node) : IDisposable
    {
        public void Dispose() => Owner.current.Value = Outer;
    }
}

