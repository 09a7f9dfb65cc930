using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Verbs;

/// <summary>A run that somebody stops for a while.</summary>
public sealed class PauseTests : IDisposable
{
    private static readonly string TwoSteps = WorkflowJson.Sequence(WorkflowJson.Work("first"), WorkflowJson.Work("second"));
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_is_paused_ends_its_running_step_and_starts_no_other_until_it_is_resumed()
    {
        await using var engine = new Engine(_folder, workshop: new Workshop().Hold("first"));
        var id = await engine.StartAsync(TwoSteps);
        await engine.Workshop.BegunAsync("first");
        await engine.Runtime.PauseAsync(id, "alice");
        var pausing = (await engine.Runs.FindAsync(id))!;
        Assert.True(pausing.IsPausing);
        Assert.False(pausing.IsPaused);

        engine.Workshop.Release("first");
        var paused = await engine.Runtime.WaitUntilAtRestAsync(id);
        Assert.True(paused.IsPaused);
        Assert.Equal(["first"], engine.Workshop.Begun);

        await engine.Runtime.ResumeAsync(id, "bob");
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Equal(["first", "second"], engine.Workshop.Begun);
        Assert.Equal(["Pausing alice", "Paused", "Resumed bob"], await engine.RequestsAsync(id));
    }

    [Fact]
    public async Task A_pause_outlives_the_process_and_recovery_does_not_wake_the_run()
    {
        string id;
        await using (var engine = new Engine(_folder, workshop: new Workshop().Hold("first")))
        {
            id = await engine.StartAsync(TwoSteps);
            await engine.Workshop.BegunAsync("first");
            await engine.Runtime.PauseAsync(id);
            engine.Workshop.Release("first");
            await engine.Runtime.WaitUntilAtRestAsync(id);
        }

        await using var next = new Engine(_folder);
        await next.Runtime.RecoverAsync();
        Assert.True((await next.Runtime.WaitUntilAtRestAsync(id)).IsPaused);
        Assert.Empty(next.Workshop.Begun);

        await next.Runtime.ResumeAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, (await next.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Equal(["second"], next.Workshop.Begun);
    }

    [Fact]
    public async Task A_run_whose_process_ends_while_it_is_pausing_is_paused_and_its_step_runs_again_when_it_is_resumed()
    {
        string id;
        await using (var engine = new Engine(_folder, workshop: new Workshop().Hold("first")))
        {
            id = await engine.StartAsync(TwoSteps);
            await engine.Workshop.BegunAsync("first");
            await engine.Runtime.PauseAsync(id);
        }

        await using var next = new Engine(_folder);
        await next.Runtime.RecoverAsync();
        Assert.True((await next.Runs.FindAsync(id))!.IsPaused);
        Assert.Empty(next.Workshop.Begun);

        await next.Runtime.ResumeAsync(id);
        await next.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal(["first", "second"], next.Workshop.Begun);
    }

    [Fact]
    public async Task A_step_that_is_still_running_when_a_pause_is_taken_back_is_not_started_twice()
    {
        await using var engine = new Engine(_folder, workshop: new Workshop().Hold("first"));
        var id = await engine.StartAsync(TwoSteps);
        await engine.Workshop.BegunAsync("first");
        await engine.Runtime.PauseAsync(id);
        await engine.Runtime.ResumeAsync(id);
        engine.Workshop.Release("first");
        await engine.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal(["first", "second"], engine.Workshop.Begun);
    }

    [Fact]
    public async Task An_event_that_comes_while_a_run_is_paused_is_kept_until_it_is_resumed()
    {
        await using var engine = new Engine(_folder);
        var run = await engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Event("go"), WorkflowJson.Work("after")));
        await engine.Runtime.PauseAsync(run.Id);
        Assert.Equal(1, await engine.Runtime.PublishEventAsync("go"));
        Assert.True((await engine.Runtime.WaitUntilAtRestAsync(run.Id)).IsPaused);
        Assert.Empty(engine.Workshop.Begun);

        await engine.Runtime.ResumeAsync(run.Id);
        await engine.Runtime.WaitUntilAtRestAsync(run.Id);
        Assert.Equal(["after"], engine.Workshop.Begun);
    }

    [Fact]
    public async Task A_delay_that_is_over_while_a_run_is_paused_lets_it_go_on_when_it_is_resumed()
    {
        var time = new ManualTime();
        await using var engine = new Engine(_folder, time: time);
        var id = await engine.StartAsync(WorkflowJson.Sequence(WorkflowJson.Delay("wait", "00:10:00"), WorkflowJson.Work("after")));
        await engine.Runtime.WaitUntilAtRestAsync(id, timersToo: false);
        await engine.Runtime.PauseAsync(id);
        time.Advance(TimeSpan.FromHours(1));
        Assert.True((await engine.Runtime.WaitUntilAtRestAsync(id)).IsPaused);
        Assert.Empty(engine.Workshop.Begun);

        await engine.Runtime.ResumeAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
    }

    [Fact]
    public async Task A_paused_run_can_be_cancelled()
    {
        await using var engine = new Engine(_folder);
        var run = await engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Event("go")));
        await engine.Runtime.PauseAsync(run.Id);
        await engine.Runtime.CancelAsync(run.Id, "carol");
        Assert.Equal(WorkflowSubStatus.Cancelled, (await engine.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        Assert.Contains("Workflow cancelled carol", await engine.RequestsAsync(run.Id));
    }

    [Fact]
    public async Task What_can_be_asked_of_a_run_follows_from_how_it_stands()
    {
        await using var engine = new Engine(_folder, workshop: new Workshop().Hold("first").Break("second"));
        var id = await engine.StartAsync(TwoSteps);
        await engine.Workshop.BegunAsync("first");
        Assert.Equal(["pause", "cancel"], await ActionsAsync());
        await engine.Runtime.PauseAsync(id);
        Assert.Equal(["resume", "cancel"], await ActionsAsync());
        engine.Workshop.Release("first");
        await engine.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal(["resume", "migrate", "cancel"], await ActionsAsync());
        await engine.Runtime.ResumeAsync(id);
        await engine.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal(["retry", "skip", "migrate", "cancel"], await ActionsAsync());
        await engine.Runtime.CancelAsync(id);
        Assert.Empty(await ActionsAsync());
        var refused = await Assert.ThrowsAsync<RunFinishedException>(() => engine.Runtime.PauseAsync(id));
        Assert.Contains("Cancelled", refused.Message, StringComparison.Ordinal);

        async Task<IReadOnlyList<string>> ActionsAsync() => RunActions.Of((await engine.Runs.FindAsync(id))!);
    }
}
