using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Durability;

/// <summary>A process ends, and the next one finds its runs.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_was_killed_continues_at_the_step_where_it_stopped()
    {
        var id = await LeaveAsync(WorkflowJson.Sequence(WorkflowJson.Work("first"), WorkflowJson.Work("second"), WorkflowJson.Work("third")), until: "second");
        await using var engine = new Engine(_folder);
        await engine.Runtime.RecoverAsync();
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Equal(["second", "third"], engine.Workshop.Begun);
        var attempts = (await engine.Runs.ActivitiesAsync(id)).ToDictionary(execution => execution.ActivityId, execution => execution.Attempt);
        Assert.Equal((1, 2, 1), (attempts["first"], attempts["second"], attempts["third"]));
    }

    [Fact]
    public async Task All_branches_that_were_running_continue()
    {
        var id = await LeaveAsync(
            WorkflowJson.Flowchart([WorkflowJson.Work("start"), WorkflowJson.Work("left"), WorkflowJson.Work("right"), WorkflowJson.Work("join")], "start -> left", "start -> right", "left -> join", "right -> join"),
            until: "right",
            hold: "left");
        await using var engine = new Engine(_folder);
        await engine.Runtime.RecoverAsync();
        await engine.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal(["left", "right", "join"], engine.Workshop.Begun.OrderBy(name => name == "join").ThenBy(name => name, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_run_that_a_person_interrupted_is_left_until_it_is_resumed()
    {
        string id;
        await using (var engine = new Engine(_folder, workshop: new Workshop().Hold("step")))
        {
            id = await engine.StartAsync(WorkflowJson.Sequence(WorkflowJson.Work("step")));
            await engine.Workshop.BegunAsync("step");
            await engine.Runtime.InterruptAsync(id);
        }

        await using var next = new Engine(_folder);
        await next.Runtime.RecoverAsync();
        Assert.Equal(WorkflowSubStatus.Interrupted, (await next.Runs.FindAsync(id))!.SubStatus);
        await next.Runtime.ResumeAsync(id);
        Assert.Equal(WorkflowSubStatus.Finished, (await next.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
    }

    [Fact]
    public async Task A_failed_step_is_not_run_again_by_a_restart()
    {
        string id;
        await using (var engine = new Engine(_folder, workshop: new Workshop().Break("step")))
            id = (await engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Work("step")))).Id;

        await using var next = new Engine(_folder);
        await next.Runtime.RecoverAsync();
        Assert.Equal(WorkflowSubStatus.Suspended, (await next.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Empty(next.Workshop.Begun);
    }

    [Fact]
    public async Task A_delay_ends_when_it_would_have_ended_without_the_restart()
    {
        var id = await DelayAsync();
        _time.Advance(TimeSpan.FromMinutes(4));
        await using var engine = new Engine(_folder, time: _time);
        await engine.Runtime.RecoverAsync();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(WorkflowSubStatus.Suspended, (await engine.Runtime.WaitUntilAtRestAsync(id, timersToo: false)).SubStatus);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
    }

    [Fact]
    public async Task A_delay_that_was_over_while_no_process_ran_ends_at_once()
    {
        var id = await DelayAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await using var engine = new Engine(_folder, time: _time);
        await engine.Runtime.RecoverAsync();
        Assert.Equal(WorkflowSubStatus.Finished, (await engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Equal(["after"], engine.Workshop.Begun);
    }

    [Fact]
    public async Task An_event_finds_a_run_that_this_process_has_not_touched_yet()
    {
        string id;
        await using (var engine = new Engine(_folder))
            id = (await engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Event("go"), WorkflowJson.Work("after")))).Id;

        await using var next = new Engine(_folder);
        Assert.Equal(1, await next.Runtime.PublishEventAsync("go"));
        Assert.Equal(WorkflowSubStatus.Finished, (await next.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
        Assert.Equal(["after"], next.Workshop.Begun);
    }

    [Fact]
    public async Task A_run_moved_to_another_version_and_then_left_continues_there()
    {
        string id;
        await using (var engine = new Engine(_folder, workshop: new Workshop().Hold("step")))
        {
            id = await engine.StartAsync(WorkflowJson.Sequence(WorkflowJson.Work("step"), WorkflowJson.Work("after")));
            await engine.Workshop.BegunAsync("step");
        }

        await using (var mover = new Engine(_folder))
            await mover.Runtime.MigrateAsync(id, await mover.Definitions.ImportAsync(WorkflowJson.Sequence(WorkflowJson.Work("step"), WorkflowJson.Work("added"), WorkflowJson.Work("after"))));

        await using var next = new Engine(_folder);
        await next.Runtime.RecoverAsync();
        await next.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal(["step", "added", "after"], next.Workshop.Begun);
    }

    [Fact]
    public async Task What_scripts_read_of_earlier_steps_is_there_after_a_restart()
    {
        var id = await LeaveAsync(
            WorkflowJson.Sequence(WorkflowJson.Work("first"), WorkflowJson.Work("second"), WorkflowJson.WriteLine("line", "getOutputFrom('first', 'Result') + ', ' + getLastResult()")),
            until: "second");
        await using var engine = new Engine(_folder);
        await engine.Runtime.RecoverAsync();
        await engine.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal(["first, second"], await engine.LinesAsync(id));
    }

    private async Task<string> DelayAsync()
    {
        await using var engine = new Engine(_folder, time: _time);
        var id = await engine.StartAsync(WorkflowJson.Sequence(WorkflowJson.Delay("wait", "00:10:00"), WorkflowJson.Work("after")));
        await engine.Runtime.WaitUntilAtRestAsync(id, timersToo: false);
        return id;
    }

    /// <summary>Ends the process while a step is running.</summary>
    private async Task<string> LeaveAsync(string json, string until, string? hold = null)
    {
        var workshop = new Workshop().Hold(until);
        await using var engine = new Engine(_folder, workshop: hold is null ? workshop : workshop.Hold(hold));
        var id = await engine.StartAsync(json);
        await workshop.BegunAsync(until);
        if (hold is not null)
            await workshop.BegunAsync(hold);

        return id;
    }
}
