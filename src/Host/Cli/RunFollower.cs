using System.Threading.Channels;
using Spectre.Console;
using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

/// <summary>Sets a run going and shows it until it is at rest. Ctrl-C interrupts it so that it can be resumed.</summary>
/// <param name="session">The command's session.</param>
/// <param name="printLines">Whether the lines that the workflow writes are data of this command.</param>
internal sealed class RunFollower(Session session, bool printLines)
{
    /// <summary>Starts a new run.</summary>
    public async Task<WorkflowInstance> StartAsync(WorkflowDefinition definition, StartOptions options)
    {
        session.Outside.Interrupted.ThrowIfCancellationRequested();
        return await FollowAsync(options.Name ?? definition.Name ?? definition.DefinitionId, definition, () => session.Runtime.StartAsync(definition, options), []);
    }

    /// <summary>Goes on with a run that was killed, interrupted, or stands with an incident.</summary>
    public Task<WorkflowInstance> ContinueAsync(WorkflowInstance run) => ActAsync(run, async () =>
    {
        if (RunReport.HasIncident(run))
            await session.Runtime.RetryAsync(run.Id, by: Environment.UserName);
        else
            await session.Runtime.ResumeAsync(run.Id, Environment.UserName);
    });

    /// <summary>Does something to a run and shows what comes of it.</summary>
    public async Task<WorkflowInstance> ActAsync(WorkflowInstance run, Func<Task> act)
    {
        session.Outside.Interrupted.ThrowIfCancellationRequested();
        var definition = await session.Definitions.FindVersionAsync(run.DefinitionVersionId);
        var earlier = await session.Runs.ActivitiesAsync(run.Id);
        return await FollowAsync(run.Name ?? run.DefinitionId, definition, Begin, earlier);

        async Task<string> Begin()
        {
            await act();
            return run.Id;
        }
    }

    /// <summary>Where a run stands, in words: <c>Start the nodes</c>.</summary>
    public async Task<string> StandingAsync(WorkflowInstance run, CancellationToken cancellationToken)
    {
        var tree = await RunReport.TreeAsync(session, run, cancellationToken);
        return string.Join(", ", tree.Standing.Select(step => step.Label)) is { Length: > 0 } labels ? labels : "its first step";
    }

    private async Task<WorkflowInstance> FollowAsync(string title, WorkflowDefinition? definition, Func<Task<string>> begin, IEnumerable<ActivityExecution> earlier)
    {
        var tree = new RunTree(StepLabels.Of(definition));
        tree.Load(earlier);
        var raised = Channel.CreateUnbounded<RunNotification>(new UnboundedChannelOptions { SingleReader = true });
        var shown = Channel.CreateUnbounded<RunNotification>(new UnboundedChannelOptions { SingleReader = true });
        // One command has one run, so that every notification is of it.
        void OnNotified(RunNotification notification) => raised.Writer.TryWrite(notification);
        session.Runtime.Notified += OnNotified;
        try
        {
            var run = await begin();
            var showing = Task.WhenAll(PassOnAsync(raised.Reader, tree, shown.Writer), View().ShowAsync($"{title}, run {run}", tree, shown.Reader));
            try
            {
                return await UntilAtRestAsync(run);
            }
            finally
            {
                raised.Writer.Complete();
                await showing;
            }
        }
        finally
        {
            session.Runtime.Notified -= OnNotified;
        }
    }

    /// <summary>Hands notifications to the view, and prints lines that the workflow writes.</summary>
    private async Task PassOnAsync(ChannelReader<RunNotification> raised, RunTree tree, ChannelWriter<RunNotification> shown)
    {
        var held = new List<string>();
        try
        {
            await foreach (var notification in raised.ReadAllAsync())
            {
                if (notification is JournalWritten { Entry: { EventName: "Started" } started } && RunTree.IsOfNode(started.ActivityType)
                    && await session.Runs.FindActivityAsync(started.ActivityExecutionId) is { } execution)
                    tree.SetNode(execution);
                shown.TryWrite(notification);
                if (!printLines || notification is not JournalWritten { Entry: var entry } || RunReport.LineOf(entry) is not { } line)
                    continue;
                if (session.Outside.ErrorIsTerminal)
                    held.Add(line); // The live display owns the terminal until the run is at rest.
                else
                    session.Outside.Out.WriteLine(line);
            }
        }
        finally
        {
            // Also when nobody reads our output any more: the view must not wait for what will not come.
            shown.Complete();
        }

        held.ForEach(session.Outside.Out.WriteLine);
    }

    private async Task<WorkflowInstance> UntilAtRestAsync(string run)
    {
        try
        {
            return await session.Runtime.WaitUntilAtRestAsync(run, cancellationToken: session.Outside.Interrupted);
        }
        catch (OperationCanceledException) when (session.Outside.Interrupted.IsCancellationRequested)
        {
            try
            {
                await session.Runtime.InterruptAsync(run, Environment.UserName, CancellationToken.None);
            }
            catch (RunFinishedException)
            {
                // It ended before it could be stopped.
            }

            return await session.Runtime.WaitUntilAtRestAsync(run, cancellationToken: CancellationToken.None);
        }
    }

    private IRunView View() => session.Outside.ErrorIsTerminal
        ? new LiveRunView(TerminalConsole(), session.Outside.Time)
        : new PlainRunView(session.Outside.Error, session.Outside.Time);

    private IAnsiConsole TerminalConsole() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(session.Outside.Error),
        Ansi = AnsiSupport.Yes,
        ColorSystem = session.Outside.NoColor ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
        Interactive = InteractionSupport.Yes,
    });
}
