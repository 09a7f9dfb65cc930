using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Machine;

/// <summary>Random flowcharts, and random orders of everything that can happen to a run.</summary>
public sealed class RandomWalkTests
{
    /// <summary>A failing seed is told, and fails again.</summary>
    public static TheoryData<int> Seeds() => new(Enumerable.Range(0, 40));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_a_run_is_never_stuck_and_ends_when_it_is_helped(int seed)
    {
        for (var history = 0; history < 25; history++)
        {
            var random = new Random((seed * 1000) + history);
            var bench = new Bench(new RandomFlowchart(random).Definition);
            for (var step = 0; step < 40 && !bench.State.IsFinished; step++)
                Disturb(bench, random);

            HelpToTheEnd(bench, random, $"Seed {seed}, history {history}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_run_that_was_moved_to_changed_connections_wherever_it_stood_is_never_stuck_and_ends(int seed)
    {
        var moved = 0;
        for (var history = 0; history < 50; history++)
        {
            var random = new Random((seed * 1000) + history);
            var chart = new RandomFlowchart(random);
            var bench = new Bench(chart.Definition);
            for (var version = 0; version < 3 && !bench.State.IsFinished; version++)
            {
                for (var step = random.Next(10); step > 0 && !bench.State.IsFinished; step--)
                    Disturb(bench, random);

                moved += TryMove(bench, chart.Change(random)) ? 1 : 0;
            }

            HelpToTheEnd(bench, random, $"Seed {seed}, history {history}");
        }

        Assert.True(moved > 10, $"Only {moved} moves were allowed.");
    }

    private static bool TryMove(Bench bench, string version)
    {
        if (bench.State.IsFinished)
            return false;

        try
        {
            bench.Apply(new InterruptRequested(bench.Now, "alice"));
            bench.Apply(new MigrateRequested(bench.Now, "alice", WorkflowDefinition.Parse(version)));
            return true;
        }
        catch (MigrationRefusedException)
        {
            return false;
        }
    }

    private static void HelpToTheEnd(Bench bench, Random random, string history)
    {
        for (var step = 0; !bench.State.IsFinished; step++)
        {
            Assert.True(step < 500, $"{history}: the run does not come to its end.");
            Help(bench, random);
        }
    }

    private static void Disturb(Bench bench, Random random)
    {
        switch (random.Next(14))
        {
            case 0:
                bench.Apply(new PauseRequested(bench.Now, "alice"));
                break;
            case 1:
                bench.Apply(new InterruptRequested(bench.Now, "alice"));
                break;
            case 2:
                bench.LoseProcess();
                break;
            case 3:
                bench.Apply(new ResumeRequested(bench.Now, "alice"));
                break;
            case 4 when One(bench.State.Active, random) is { } active:
                bench.Apply(new ActivityFailed(bench.Now, active, bench.State.Executions[active].Attempt, Failures.Of(new WorkBrokenException("work"))));
                break;
            case 5 when One(bench.State.Active, random) is { } active:
                bench.Apply(new ActivityLogged(bench.Now, active, "Command", "a line", null));
                break;
            case 6 when One(bench.State.Active, random) is { } active:
                bench.Apply(new ActivityEnded(bench.Now, active, bench.State.Executions[active].Attempt, new ActivityResult { Bookmarks = [new BookmarkRequest("Test")] }));
                break;
            default:
                Progress(bench, random);
                break;
        }

        AssertAlive(bench);
    }

    private static void Help(Bench bench, Random random)
    {
        if (bench.State.IsHeld)
            bench.Apply(new ResumeRequested(bench.Now, "alice"));
        else
            Progress(bench, random);

        AssertAlive(bench);
    }

    private static void Progress(Bench bench, Random random)
    {
        var faulted = bench.State.Executions.Values.Where(execution => execution.Status == ActivityStatus.Faulted).Select(execution => execution.Id);
        if (One(bench.State.Active, random) is { } active && !bench.State.IsHalted)
            bench.Apply(new ActivityEnded(bench.Now, active, bench.State.Executions[active].Attempt, new ActivityResult { Outcomes = random.Next(3) == 0 ? ["Rejected"] : null }));
        else if (One(bench.State.Bookmarks.Keys, random) is { } bookmark)
            bench.Apply(new BookmarkResumed(bench.Now, bookmark, default));
        else if (One(faulted, random) is { } failed && random.Next(2) == 0)
            bench.Apply(new SkipRequested(bench.Now, "alice", failed, "Done"));
        else if (One(faulted, random) is { } again)
            bench.Retry(again);
    }

    /// <summary>There is always something that goes on by itself, or that somebody can do.</summary>
    private static void AssertAlive(Bench bench)
    {
        bench.Store.AssertJournalTells(bench.State);
        Assert.True(
            bench.State.IsFinished || bench.State.IsHeld || bench.State.IsRunningCode || !bench.State.Bookmarks.IsEmpty || bench.State.OpenIncidents.Any(),
            $"The run stands with nothing to wait for: {string.Join(", ", bench.State.Executions.Values.Select(execution => $"{execution.Node.Id} {execution.Status}"))}");
    }

    private static string? One(IEnumerable<string> ids, Random random) => ids.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } list ? list[random.Next(list.Count)] : null;
}
