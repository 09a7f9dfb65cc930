using System.Text.Json;
using System.Text.RegularExpressions;
using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

/// <summary>Tells how a run stands: to programs as data, to people in words, to the shell as an exit code.</summary>
internal static partial class RunReport
{
    public static object Summary(WorkflowInstance run) => new
    {
        run.Id,
        run.Name,
        Workflow = run.DefinitionId,
        run.Version,
        run.Status,
        run.SubStatus,
        run.Hold,
        Cluster = run.CorrelationId,
        run.CreatedAt,
        run.UpdatedAt,
        run.FinishedAt,
        run.Input,
        run.Output,
        run.Incidents,
    };

    /// <summary>The line that a WriteLine wrote, if that is what the row is about.</summary>
    public static string? LineOf(JournalEntry entry) =>
        entry is { ActivityType: "Elsa.WriteLine", EventName: "Completed", Payload: { ValueKind: JsonValueKind.Object } payload } && payload.TryGetProperty("Text", out var text)
            ? text.ToString()
            : null;

    public static int ExitCodeOf(WorkflowInstance run) => run switch
    {
        { SubStatus: WorkflowSubStatus.Interrupted } => ExitCode.Interrupted,
        { SubStatus: WorkflowSubStatus.Faulted } => ExitCode.Incident,
        { Status: WorkflowStatus.Running } when HasIncident(run) => ExitCode.Incident,
        _ => ExitCode.Ok,
    };

    /// <summary>The state in one word.</summary>
    public static string StateOf(WorkflowInstance run) => run switch
    {
        { IsPaused: true } => "Paused",
        { IsPausing: true } => "Pausing",
        _ => run.SubStatus.ToString(),
    };

    public static bool HasIncident(WorkflowInstance run) => OpenIncidents(run).Any();

    /// <summary>The last failure of each step that has not got over it.</summary>
    public static IEnumerable<Incident> OpenIncidents(WorkflowInstance run) =>
        run.Incidents.Where(incident => !incident.IsResolved).OrderByDescending(incident => incident.Timestamp).DistinctBy(incident => incident.ActivityExecutionId).Reverse();

    /// <summary>What stands in the way of a run that has not finished, and the commands that go on.</summary>
    /// <param name="session">The command's session.</param>
    /// <param name="run">At rest.</param>
    /// <param name="again">The command that continues it, where there is a plainer one than <c>resume</c> or <c>retry</c>.</param>
    public static async Task SayWhatIsNextAsync(Session session, WorkflowInstance run, string? again = null)
    {
        var program = session.Outside.Program;
        if (run.SubStatus is WorkflowSubStatus.Interrupted)
        {
            session.Say($"\nInterrupted. Nothing is lost: '{program} {again ?? $"resume {run.Id}"}' continues run {run.Id} where it stopped.");
            return;
        }

        var tree = await TreeAsync(session, run, CancellationToken.None);
        // Steps side by side often fail for one reason, which is said once.
        foreach (var same in OpenIncidents(run).GroupBy(incident => NodePattern().Replace(Reason(incident), "")))
        {
            var steps = string.Join(", ", same.Select(incident => tree.LabelOf(incident.ActivityExecutionId) ?? incident.ActivityId));
            session.Say($"\n{session.ErrorStyle.Red($"{steps} failed:")} {Reason(same.First())}");
        }

        if (run.Status is WorkflowStatus.Finished)
            return;
        if (run.IsPaused)
        {
            session.Say($"\nRun {run.Id} is paused: '{program} resume {run.Id}' continues it.");
            return;
        }

        if (HasIncident(run))
        {
            session.Say($"\nRun {run.Id} is suspended; what it has done is kept.");
            SayCommands(session, Commands(program, run.Id, again));
            return;
        }

        foreach (var name in await AwaitedEventsAsync(session, run.Id))
            session.Say($"\nRun {run.Id} waits for the event '{name}': {program} event {run.Id} {name}");
    }

    /// <summary>The steps of a run as they are stored.</summary>
    public static async Task<RunTree> TreeAsync(Session session, WorkflowInstance run, CancellationToken cancellationToken)
    {
        var tree = new RunTree(StepLabels.Of(await session.Definitions.FindVersionAsync(run.DefinitionVersionId, cancellationToken)));
        tree.Load(await session.Runs.ActivitiesAsync(run.Id, cancellationToken: cancellationToken));
        return tree;
    }

    public static void SayCommands(Session session, IReadOnlyList<(string Command, string Purpose)> commands)
    {
        var width = commands.Max(command => command.Command.Length);
        foreach (var (command, purpose) in commands)
            session.Say($"  {session.ErrorStyle.Bold(command.PadRight(width))}  {session.ErrorStyle.Dim(purpose)}");
    }

    private static string Reason(Incident incident) => incident.Detail is { } cause ? $"{incident.Message}: {cause}" : incident.Message;

    private static List<(string Command, string Purpose)> Commands(string program, string run, string? again)
    {
        List<(string, string)> commands =
        [
            ($"{program} retry {run}", "run the failed step again; --input NAME=VALUE changes what it is given"),
            ($"{program} skip {run}", "count it as done"),
            ($"{program} history {run}", "all that it did, with commands and their output"),
            ($"{program} cancel {run}", "give it up"),
        ];
        if (again is not null)
            commands.Insert(0, ($"{program} {again}", "continue, beginning with the failed step"));
        return commands;
    }

    private static async Task<IEnumerable<string>> AwaitedEventsAsync(Session session, string run) =>
        (await session.Runs.BookmarksAsync(run))
            .Select(bookmark => bookmark.EventName)
            .OfType<string>()
            .Distinct();

    [GeneratedRegex("Node '[^']*'", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NodePattern();
}
