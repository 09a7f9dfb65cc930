using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Runs;

/// <summary>A run that is stopped, for now or for good.</summary>
public sealed class InterruptionTests : IAsyncDisposable
{
    private static readonly string TwoBranches = WorkflowJson.Flowchart(
        [WorkflowJson.Work("start"), WorkflowJson.Work("left"), WorkflowJson.Work("right"), WorkflowJson.Event("go")], "start -> left", "start -> right", "start -> go");

    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine;

    public InterruptionTests() => _engine = new Engine(_folder, stopTimeout: TimeSpan.FromMilliseconds(50));

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Steps_of_an_interrupted_run_are_told_to_stop_and_run_again_when_it_is_resumed()
    {
        var id = await StartBothAsync();
        await _engine.Runtime.InterruptAsync(id, "alice");
        await Task.WhenAll(_engine.Workshop.StoppedAsync("left"), _engine.Workshop.StoppedAsync("right"));
        Assert.Equal(WorkflowSubStatus.Interrupted, (await _engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);

        _engine.Workshop.Release("left");
        _engine.Workshop.Release("right");
        await _engine.Runtime.ResumeAsync(id);
        await _engine.Runtime.PublishEventAsync("go");
        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Equal([1, 2, 2, 1], (await _engine.Runs.ActivitiesAsync(id)).Where(execution => execution.ActivityType != "Elsa.Flowchart" && execution.ParentId is not null).Select(execution => execution.Attempt));
    }

    [Fact]
    public async Task Steps_of_a_cancelled_run_are_told_to_stop_and_nothing_of_it_waits_any_more()
    {
        var id = await StartBothAsync();
        await _engine.Runtime.CancelAsync(id, "alice");
        await Task.WhenAll(_engine.Workshop.StoppedAsync("left"), _engine.Workshop.StoppedAsync("right"));
        var run = (await _engine.Runs.FindAsync(id))!;
        Assert.Equal((WorkflowStatus.Finished, WorkflowSubStatus.Cancelled), (run.Status, run.SubStatus));
        Assert.Empty(await _engine.Runs.BookmarksAsync(id));
        Assert.Equal(0, await _engine.Runtime.PublishEventAsync("go"));
        Assert.DoesNotContain(await _engine.Runs.ActivitiesAsync(id), execution => execution.Status is ActivityStatus.Running or ActivityStatus.Pending);
        await Assert.ThrowsAsync<RunFinishedException>(() => _engine.Runtime.CancelAsync(id));
    }

    [Fact]
    public async Task A_step_that_does_not_stop_is_given_up_after_a_grace_and_what_it_still_says_is_not_heard()
    {
        _engine.Workshop.Hold("deaf");
        var id = await _engine.StartAsync(WorkflowJson.Sequence(WorkflowJson.Activity("deaf", "Test.DeafWork"), WorkflowJson.Work("after")));
        await _engine.Workshop.BegunAsync("deaf");
        await _engine.Runtime.CancelAsync(id);
        Assert.Equal(WorkflowSubStatus.Cancelled, (await _engine.Runs.FindAsync(id))!.SubStatus);
        _engine.Workshop.Release("deaf");
        await _engine.Workshop.EndedAsync("deaf");
        Assert.Equal(["deaf"], _engine.Workshop.Begun);
        Assert.Equal(ActivityStatus.Canceled, (await _engine.Runs.ActivitiesAsync(id)).Single(execution => execution.ActivityId == "deaf").Status);
    }

    [Fact]
    public async Task A_step_that_ends_well_although_it_was_told_to_stop_is_done()
    {
        _engine.Workshop.Hold("deaf");
        var id = await _engine.StartAsync(WorkflowJson.Sequence(WorkflowJson.Activity("deaf", "Test.DeafWork"), WorkflowJson.Work("after")));
        await _engine.Workshop.BegunAsync("deaf");
        await _engine.Runtime.InterruptAsync(id);
        _engine.Workshop.Release("deaf");
        await _engine.Workshop.EndedAsync("deaf");
        await _engine.Runtime.ResumeAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Single(_engine.Workshop.Begun, "after");
    }

    [Fact]
    public async Task Who_waits_for_a_run_is_told_when_the_engine_is_shut_down()
    {
        var id = await StartBothAsync();
        var waiting = _engine.Runtime.WaitUntilAtRestAsync(id);
        await _engine.DisposeAsync();
        await Assert.ThrowsAsync<RunStoppedException>(() => waiting);
    }

    private async Task<string> StartBothAsync()
    {
        _engine.Workshop.Hold("left").Hold("right");
        var id = await _engine.StartAsync(TwoBranches);
        await Task.WhenAll(_engine.Workshop.BegunAsync("left"), _engine.Workshop.BegunAsync("right"));
        return id;
    }
}
