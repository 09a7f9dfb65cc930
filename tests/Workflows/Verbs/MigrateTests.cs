using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Verbs;

/// <summary>A run that stands still goes on with another version of its definition.</summary>
public sealed class MigrateTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine;

    public MigrateTests() => _engine = new Engine(_folder, workshop: new Workshop().Break("step"));

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_step_that_failed_runs_with_the_inputs_of_the_version_that_the_run_was_moved_to()
    {
        var run = await _engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Work("before"), WorkflowJson.Work("step"), WorkflowJson.Work("after")));
        await MoveAsync(run, WorkflowJson.Sequence(WorkflowJson.Work("before"), WorkDoing("step", "fixed"), WorkflowJson.Work("after"), WorkflowJson.Work("added")), "alice");
        var moved = (await _engine.Runs.FindAsync(run.Id))!;
        Assert.Equal(("test-v2", 2), (moved.DefinitionVersionId, moved.Version));
        Assert.Equal(WorkflowSubStatus.Suspended, moved.SubStatus);

        await _engine.Runtime.RetryAsync(run.Id);
        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        Assert.Equal(["before", "step", "fixed", "after", "added"], _engine.Workshop.Begun);
        var row = (await _engine.Runs.JournalAsync(run.Id)).Single(entry => entry.EventName == "Migrated");
        Assert.Equal("From version 1 to 2.", row.Message);
        Assert.Equal("alice", row.Payload!.Value.GetProperty("By").GetString());
    }

    [Fact]
    public async Task A_moved_run_stays_on_its_new_version_over_a_restart()
    {
        var run = await _engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Work("step")));
        await MoveAsync(run, WorkflowJson.Sequence(WorkDoing("step", "fixed")));
        await _engine.DisposeAsync();

        await using var next = new Engine(_folder);
        await next.Runtime.RetryAsync(run.Id);
        Assert.Equal(WorkflowSubStatus.Finished, (await next.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        Assert.Equal(["fixed"], next.Workshop.Begun);
    }

    [Fact]
    public async Task All_reasons_against_a_version_are_named_and_nothing_changes()
    {
        var run = await _engine.RunAsync(WorkflowJson.Flowchart(
            [WorkflowJson.Work("a"), WorkflowJson.Work("b"), WorkflowJson.Work("c"), WorkflowJson.Event("go"), WorkflowJson.Work("step")],
            "a -> b", "b -> c", "c -> go", "c -> step"));
        var journal = await _engine.Runs.JournalAsync(run.Id);
        var target = WorkflowJson.Flowchart(
            [WorkflowJson.WriteLine("a", "'a'"), WorkflowJson.SequenceOf("inner", WorkflowJson.Work("c")), WorkflowJson.Delay("go", "00:00:01")],
            "a -> inner", "inner -> go");
        var refused = await Assert.ThrowsAsync<MigrationRefusedException>(() => MoveAsync(run, target));
        Assert.Equal(
            [
                "'a' has run as Test.Work, and is Elsa.WriteLine now",
                "'b' has run, and is not there any more",
                "'c' has run, and is in another container now",
                "'go' is under way as Elsa.Event, and is Elsa.Delay now",
                "'step' has failed, and is not there any more",
            ],
            refused.Reasons.Order(StringComparer.Ordinal));
        Assert.Equal(1, (await _engine.Runs.FindAsync(run.Id))!.Version);
        Assert.Equal(journal.Count, (await _engine.Runs.JournalAsync(run.Id)).Count);
    }

    [Fact]
    public async Task A_run_whose_steps_are_running_cannot_be_moved_until_it_is_paused()
    {
        _engine.Workshop.Hold("long");
        var id = await _engine.StartAsync(WorkflowJson.Sequence(WorkflowJson.Work("long"), WorkflowJson.Work("after")));
        await _engine.Workshop.BegunAsync("long");
        var target = await _engine.Definitions.ImportAsync(WorkflowJson.Sequence(WorkflowJson.Work("long"), WorkflowJson.Work("new")));
        Assert.Equal(["steps are running: pause it first"], (await Assert.ThrowsAsync<MigrationRefusedException>(() => _engine.Runtime.MigrateAsync(id, target))).Reasons);

        await _engine.Runtime.PauseAsync(id);
        _engine.Workshop.Release("long");
        await _engine.Runtime.WaitUntilAtRestAsync(id);
        // The step that was about to start in the version before is not there any more.
        Assert.Equal(["'after' is about to run, and is not there any more"], (await Assert.ThrowsAsync<MigrationRefusedException>(() => _engine.Runtime.MigrateAsync(id, target))).Reasons);

        target = await _engine.Definitions.ImportAsync(WorkflowJson.Sequence(WorkflowJson.Work("long"), WorkDoing("after", "changed"), WorkflowJson.Work("new")));
        await _engine.Runtime.MigrateAsync(id, target);
        Assert.True((await _engine.Runs.FindAsync(id))!.IsPaused);
        await _engine.Runtime.ResumeAsync(id);
        await _engine.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal(["long", "changed", "new"], _engine.Workshop.Begun);
    }

    [Fact]
    public async Task An_interrupted_step_runs_again_in_the_new_version()
    {
        _engine.Workshop.Hold("long");
        var json = WorkflowJson.Sequence(WorkflowJson.Work("long"), WorkflowJson.Work("after"));
        var id = await _engine.StartAsync(json);
        await _engine.Workshop.BegunAsync("long");
        await _engine.Runtime.InterruptAsync(id);
        await MoveAsync((await _engine.Runs.FindAsync(id))!, WorkflowJson.Sequence(WorkflowJson.Work("long"), WorkflowJson.Work("added"), WorkflowJson.Work("after")));
        await _engine.Runtime.ResumeAsync(id);
        _engine.Workshop.Release("long");
        await _engine.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal(["long", "long", "added", "after"], _engine.Workshop.Begun);
    }

    [Fact]
    public async Task A_step_put_before_the_place_where_the_run_stands_is_passed_by()
    {
        var run = await _engine.RunAsync(WorkflowJson.Flowchart(
            [WorkflowJson.Work("a"), WorkflowJson.Work("step"), WorkflowJson.Work("end")], "a -> step", "step -> end"));
        await MoveAsync(run, WorkflowJson.Flowchart(
            [WorkflowJson.Work("a"), WorkflowJson.Work("late"), WorkDoing("step", "fixed"), WorkflowJson.Work("end")], "a -> late", "late -> step", "step -> end", "late -> end"));
        Assert.Equal(["a", "step", "fixed", "end"], await FinishAsync(run));
    }

    [Fact]
    public async Task A_step_added_beside_the_place_where_the_run_stands_runs_and_the_join_waits_for_it()
    {
        var run = await _engine.RunAsync(WorkflowJson.Flowchart(
            [WorkflowJson.Work("a"), WorkflowJson.Work("step"), WorkflowJson.Work("end")], "a -> step", "step -> end"));
        _engine.Workshop.Hold("beside");
        await MoveAsync(run, WorkflowJson.Flowchart(
            [WorkflowJson.Work("a"), WorkflowJson.Work("beside"), WorkDoing("step", "fixed"), WorkflowJson.Work("end")], "a -> step", "a -> beside", "step -> end", "beside -> end"));
        await _engine.Workshop.BegunAsync("beside");
        await _engine.Runtime.RetryAsync(run.Id);
        await _engine.Workshop.BegunAsync("fixed");
        _engine.Workshop.Release("beside");
        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        Assert.Equal(["a", "step", "beside", "fixed", "end"], _engine.Workshop.Begun);
    }

    [Fact]
    public async Task A_join_goes_on_when_the_connection_that_it_waited_for_is_removed()
    {
        var run = await _engine.RunAsync(WorkflowJson.Flowchart(
            [WorkflowJson.Work("a"), WorkflowJson.Work("b"), WorkflowJson.Event("go"), WorkflowJson.Work("join")], "a -> b", "a -> go", "b -> join", "go -> join"));
        Assert.Equal(["a", "b"], _engine.Workshop.Begun);
        await MoveAsync(run, WorkflowJson.Flowchart(
            [WorkflowJson.Work("a"), WorkflowJson.Work("b"), WorkflowJson.Event("go"), WorkflowJson.Work("join")], "a -> b", "a -> go", "b -> join"));
        await _engine.Workshop.BegunAsync("join");
        await _engine.Runtime.PublishEventAsync("go");
        Assert.Equal(["a", "b", "join"], await FinishAsync(run, retry: false));
    }

    [Fact]
    public async Task An_added_start_is_passed_by()
    {
        var run = await _engine.RunAsync(WorkflowJson.Flowchart([WorkflowJson.Work("a"), WorkflowJson.Work("step"), WorkflowJson.Work("end")], "a -> step", "step -> end"));
        await MoveAsync(run, WorkflowJson.Flowchart(
            [WorkflowJson.Work("first"), WorkflowJson.Work("a"), WorkDoing("step", "fixed"), WorkflowJson.Work("end")], "first -> a", "a -> step", "step -> end", "first -> end"));
        Assert.Equal(["a", "step", "fixed", "end"], await FinishAsync(run));
    }

    [Fact]
    public async Task A_step_that_has_not_run_cannot_be_put_before_one_where_the_run_stands()
    {
        var activities = new[] { WorkflowJson.Work("a"), WorkflowJson.Event("go"), WorkflowJson.Work("step"), WorkflowJson.Work("end") };
        var run = await _engine.RunAsync(WorkflowJson.Flowchart(activities, "a -> go", "a -> step", "go -> end", "step -> end"));
        var refused = await Assert.ThrowsAsync<MigrationRefusedException>(() => MoveAsync(run, WorkflowJson.Flowchart(activities, "a -> go", "a -> step", "go -> step", "step -> end")));
        Assert.Equal(["'go' has not run and leads to 'step' now, where the run stands already"], refused.Reasons);
    }

    [Fact]
    public async Task In_a_loop_an_added_step_runs_from_the_next_round_on()
    {
        static string Loop(bool added) => WorkflowJson.Of(
            WorkflowJson.FlowchartOf(
                "chart",
                [WorkflowJson.Work("top"), WorkflowJson.Event("go"), .. added ? [WorkflowJson.Work("added")] : Array.Empty<string>(), Count, WorkflowJson.Decision("again", "variables.N < 2"), WorkflowJson.Work("end")],
                ["top -> go", .. added ? ["go -> added", "added -> count"] : new[] { "go -> count" }, "count -> again", "again:True -> top", "again:False -> end"]),
            variables: """[{"id": "N", "name": "N", "typeName": "Int32", "value": "0"}]""");
        var run = await _engine.RunAsync(Loop(added: false));
        await _engine.Runtime.PublishEventAsync("go");
        await _engine.Runtime.WaitUntilAtRestAsync(run.Id);
        await MoveAsync(run, Loop(added: true));
        await _engine.Runtime.PublishEventAsync("go");
        Assert.Equal(["top", "top", "added", "end"], await FinishAsync(run, retry: false));
    }

    [Fact]
    public async Task In_a_sequence_the_run_goes_on_behind_the_step_where_it_stands_wherever_that_is_now()
    {
        var run = await _engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Work("a"), WorkflowJson.Work("step"), WorkflowJson.Work("b")));
        await MoveAsync(run, WorkflowJson.Sequence(WorkflowJson.Work("a"), WorkflowJson.Work("early"), WorkDoing("step", "fixed"), WorkflowJson.Work("b"), WorkflowJson.Work("c")));
        Assert.Equal(["a", "step", "fixed", "b", "c"], await FinishAsync(run));
    }

    [Fact]
    public async Task A_step_of_a_sequence_that_has_run_cannot_be_put_behind_the_place_where_the_run_stands()
    {
        var run = await _engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Work("a"), WorkflowJson.Work("step")));
        var refused = await Assert.ThrowsAsync<MigrationRefusedException>(() => MoveAsync(run, WorkflowJson.Sequence(WorkflowJson.Work("step"), WorkflowJson.Work("a"))));
        Assert.Equal(["'a' has run, and would run again behind 'step'"], refused.Reasons);
    }

    [Fact]
    public async Task Variables_and_inputs_that_a_version_adds_have_their_defaults_and_others_keep_their_values()
    {
        const string variable = """{"id": "kept", "name": "Kept", "typeName": "String", "value": "default"}""";
        const string added = """{"id": "added", "name": "Added", "typeName": "Int32", "value": "7"}""";
        var set = WorkflowJson.Activity("set", "Elsa.SetVariable", ("variable", """{"id": "kept", "name": "Kept"}"""), ("value", WorkflowJson.Literal("set")));
        var write = WorkflowJson.WriteLine("write", "getKept() + getAdded() + getInput('Size')");
        var run = await _engine.RunAsync(WorkflowJson.Of(WorkflowJson.SequenceOf("all", set, WorkflowJson.Work("step")), variables: $"[{variable}]"));
        await MoveAsync(run, WorkflowJson.Of(
            WorkflowJson.SequenceOf("all", set, WorkDoing("step", "fixed"), write),
            variables: $"[{variable}, {added}]",
            inputs: """[{"name": "Size", "type": "Int32", "defaultValue": "3"}]"""));
        await FinishAsync(run);
        Assert.Equal(["set73"], await _engine.LinesAsync(run.Id));
    }

    [Fact]
    public async Task A_run_cannot_be_moved_to_another_workflow()
    {
        var run = await _engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Work("step")));
        var other = await _engine.Definitions.ImportAsync(WorkflowJson.Of(WorkflowJson.SequenceOf("all", WorkflowJson.Work("step")), id: "other"));
        await Assert.ThrowsAsync<MigrationRefusedException>(() => _engine.Runtime.MigrateAsync(run.Id, other));
    }

    private static string WorkDoing(string id, string work) => WorkflowJson.Activity(id, "Test.Work", ("as", WorkflowJson.Literal(work)));

    private static string Count => WorkflowJson.Activity("count", "Elsa.SetVariable", ("variable", """{"id": "N", "name": "N"}"""), ("value", WorkflowJson.Script("variables.N + 1")));

    private async Task MoveAsync(WorkflowInstance run, string json, string? by = null) =>
        await _engine.Runtime.MigrateAsync(run.Id, await _engine.Definitions.ImportAsync(json), by);

    private async Task<IReadOnlyList<string>> FinishAsync(WorkflowInstance run, bool retry = true)
    {
        if (retry)
            await _engine.Runtime.RetryAsync(run.Id);

        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        return _engine.Workshop.Begun;
    }
}
