using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Machine;

/// <summary>From a state and an event follow the next state, what is stored, and what is started: nothing else.</summary>
public sealed class StateMachineTests
{
    private static readonly string Fork = WorkflowJson.Flowchart(
        [WorkflowJson.Work("start"), WorkflowJson.Work("left"), WorkflowJson.Work("right"), WorkflowJson.Work("join")],
        "start -> left", "start -> right", "left -> join", "right -> join");

    [Fact]
    public void A_fork_starts_all_its_branches_and_a_join_waits_for_them()
    {
        var bench = new Bench(Fork);
        Assert.Equal(["start"], bench.Active);
        bench.Complete("start");
        Assert.Equal(["left", "right"], bench.Active);
        Assert.Equal(2, bench.Effects.OfType<Execute>().Count());
        bench.Complete("right");
        Assert.Empty(bench.Effects);
        bench.Complete("left");
        Assert.Equal(["join"], bench.Active);
        bench.Complete("join");
        Assert.Equal(WorkflowSubStatus.Finished, bench.State.Instance.SubStatus);
        Assert.Empty(bench.State.Queue);
    }

    [Fact]
    public void A_result_of_an_attempt_that_is_over_is_ignored()
    {
        var bench = new Bench(Fork);
        var first = bench.Find("start");
        bench.LoseProcess();
        bench.Apply(new ActivityEnded(bench.Now, first.Id, first.Attempt, new ActivityResult()));
        Assert.Equal(["start"], bench.Active);
        Assert.Equal(2, bench.Find("start").Attempt);
        bench.Complete("start");
        bench.Apply(new ActivityEnded(bench.Now, first.Id, attempt(first), new ActivityResult()));
        Assert.Single(bench.Events("start"), name => name == "Completed");

        static int attempt(ExecutionState execution) => execution.Attempt + 1;
    }

    [Fact]
    public void What_was_running_in_a_lost_process_starts_again_and_nothing_else()
    {
        var bench = new Bench(Fork);
        bench.Complete("start");
        bench.Wait("left");
        bench.LoseProcess();
        Assert.Equal([bench.Find("right").Id], bench.Effects.OfType<Execute>().Select(effect => effect.ExecutionId));
        Assert.Equal(["Started", "Restarted"], bench.Events("right"));
        Assert.Equal(["Started", "Suspended"], bench.Events("left"));
    }

    [Fact]
    public void A_run_in_which_nothing_runs_is_suspended()
    {
        var bench = new Bench(Fork);
        bench.Complete("start");
        bench.Wait("left");
        Assert.Equal(WorkflowSubStatus.Executing, bench.State.Instance.SubStatus);
        bench.Fail("right");
        Assert.Equal(WorkflowSubStatus.Suspended, bench.State.Instance.SubStatus);
        bench.Deliver("left");
        Assert.Equal(WorkflowSubStatus.Executing, bench.State.Instance.SubStatus);
        Assert.Equal(["Started", "Suspended", "Resumed"], bench.Events("left"));
    }

    [Fact]
    public void A_bookmark_is_used_up_by_the_first_event()
    {
        var bench = new Bench(Fork);
        bench.Wait("start");
        var bookmark = Assert.Single(bench.State.Bookmarks.Keys);
        bench.Deliver("start");
        var rows = bench.Store.Journal.Count;
        bench.Apply(new BookmarkResumed(bench.Now, bookmark, default));
        Assert.Equal(rows, bench.Store.Journal.Count);
    }

    [Fact]
    public void Interruption_stops_what_runs_and_its_late_failure_is_not_lost_work()
    {
        var bench = new Bench(Fork);
        bench.Complete("start");
        bench.Apply(new InterruptRequested(bench.Now, "alice"));
        Assert.Equal(2, bench.Effects.OfType<StopExecution>().Count());
        bench.Complete("left");
        Assert.Equal(WorkflowSubStatus.Interrupted, bench.State.Instance.SubStatus);
        bench.Apply(new ResumeRequested(bench.Now, "alice"));
        Assert.Equal(["right"], bench.Active);
        Assert.Equal([bench.Find("right").Id], bench.Effects.OfType<Execute>().Select(effect => effect.ExecutionId));
    }

    [Fact]
    public void An_end_that_the_flowchart_cannot_digest_is_a_fault_of_the_step_that_ended()
    {
        var bench = new Bench(WorkflowJson.Flowchart(
            [WorkflowJson.Work("start"), WorkflowJson.Work("left"), WorkflowJson.Work("right"), WorkflowJson.Work("join")],
            "start -> left", "start -> right", "left -> join", "right -> join", "join -> left"));
        bench.Complete("start");
        bench.Complete("left");
        bench.Complete("right");
        bench.Complete("join");
        Assert.Equal(["Started", "Faulted"], bench.Events("join"));
        Assert.Contains("proper loop", Assert.Single(bench.State.OpenIncidents).Incident.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_finished_run_refuses_what_people_ask_and_ignores_what_comes_late()
    {
        var bench = new Bench(WorkflowJson.Sequence(WorkflowJson.Work("only")));
        var only = bench.Find("only");
        bench.Complete("only");
        bench.Apply(new ActivityEnded(bench.Now, only.Id, only.Attempt, new ActivityResult()));
        Assert.Throws<RunFinishedException>(() => bench.Apply(new PauseRequested(bench.Now, null)));
        Assert.Throws<RunFinishedException>(() => bench.Retry());
    }
}
