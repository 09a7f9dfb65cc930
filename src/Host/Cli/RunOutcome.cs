using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

/// <summary>What <c>run</c> and the commands that continue a run print when it is at rest.</summary>
internal static class RunOutcome
{
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
            session.Outside.Out.WriteLine($"\nrun {run.Id}: {StatePaint.Of(session.OutStyle, run.SubStatus.ToString())} after {Text.Of(run.UpdatedAt - run.CreatedAt)}");
            foreach (var (name, value) in run.Output)
                session.Outside.Out.WriteLine($"output {name} = {value}");
            session.Outside.Out.WriteLine();
            JournalTable.Write(session, journal, await RunReport.TreeAsync(session, run, CancellationToken.None));
        }

        await RunReport.SayWhatIsNextAsync(session, run);
        return RunReport.ExitCodeOf(run);
    }
}
