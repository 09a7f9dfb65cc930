using System.CommandLine;
using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

/// <summary>What <c>run</c> and the commands that continue a run print when it is at rest.</summary>
internal static class RunOutcome
{
    /// <summary>Asks something of a run, follows it until it is at rest, and prints how it stands; returns the exit code.</summary>
    public static async Task<int> ActAsync(Session session, ParseResult parsed, WorkflowInstance run, Func<Task> act)
    {
        var json = parsed.GetValue(session.Json);
        return await PrintAsync(session, await new RunFollower(session, printLines: !json).ActAsync(run, act), json);
    }

    /// <summary>Prints the run's state, outputs and journal; returns the exit code.</summary>
    public static async Task<int> PrintAsync(Session session, WorkflowInstance run, bool json)
    {
        var journal = await session.Runs.JournalAsync(run.Id);
        if (json)
        {
            session.WriteJson(new { Run = RunReport.Summary(run), Lines = journal.Select(RunReport.LineOf).OfType<string>(), Journal = journal });
        }
        else
        {
            session.Outside.Out.WriteLine($"\nrun {run.Id}: {StatePaint.Of(session.OutStyle, RunReport.StateOf(run))} after {Text.Of(run.UpdatedAt - run.CreatedAt)}");
            foreach (var (name, value) in run.Output)
                session.Outside.Out.WriteLine($"output {name} = {value}");
            session.Outside.Out.WriteLine();
            JournalTable.Write(session, journal, await RunReport.TreeAsync(session, run, CancellationToken.None));
        }

        await RunReport.SayWhatIsNextAsync(session, run);
        return RunReport.ExitCodeOf(run);
    }
}
