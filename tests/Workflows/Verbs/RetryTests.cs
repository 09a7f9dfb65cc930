using System.Text.Json;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Verbs;

/// <summary>A step that has failed runs again, or is skipped.</summary>
public sealed class RetryTests : IAsyncDisposable
{
    private static readonly string Three = WorkflowJson.Sequence(WorkflowJson.Work("before"), WorkflowJson.Work("step"), WorkflowJson.Work("after"));
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine;

    public RetryTests() => _engine = new Engine(_folder, workshop: new Workshop().Break("step"));

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_step_that_failed_runs_again_and_the_run_goes_on_from_there()
    {
        var run = await _engine.RunAsync(Three);
        Assert.Equal(["step is broken"], run.Incidents.Where(incident => !incident.IsResolved).Select(incident => incident.Message));
        _engine.Workshop.Repair("step");
        await _engine.Runtime.RetryAsync(run.Id, by: "alice");
        var ended = await _engine.Runtime.WaitUntilAtRestAsync(run.Id);
        Assert.Equal(WorkflowSubStatus.Finished, ended.SubStatus);
        Assert.All(ended.Incidents, incident => Assert.True(incident.IsResolved));
        Assert.Equal(["before", "step", "step", "after"], _engine.Workshop.Begun);
        Assert.Equal(["Retried alice"], await _engine.RequestsAsync(run.Id));
    }

    [Fact]
    public async Task A_step_that_fails_again_is_a_new_incident()
    {
        var run = await _engine.RunAsync(Three);
        await _engine.Runtime.RetryAsync(run.Id);
        var again = await _engine.Runtime.WaitUntilAtRestAsync(run.Id);
        Assert.Equal([true, false], again.Incidents.Select(incident => incident.IsResolved));
        Assert.Contains(RunActions.Retry, RunActions.Of(again));
    }

    [Fact]
    public async Task Inputs_given_with_a_retry_take_the_place_of_those_of_the_definition_and_are_in_the_journal()
    {
        var run = await _engine.RunAsync(Three);
        await _engine.Runtime.RetryAsync(run.Id, run.Incidents[0].ActivityExecutionId, Values(("as", "other")), "alice");
        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        Assert.Equal(["before", "step", "other", "after"], _engine.Workshop.Begun);
        var row = (await _engine.Runs.JournalAsync(run.Id)).Single(entry => entry.EventName == "Retried");
        Assert.Equal("""{"Attempt":2,"By":"alice","Inputs":{"As":"other"}}""", row.Payload.ToString());
        Assert.Equal("other", (await _engine.Runs.FindActivityAsync(row.ActivityExecutionId))!.Inputs["As"].GetString());
    }

    [Fact]
    public async Task Changed_inputs_hold_over_a_restart_until_the_step_is_retried_without_them()
    {
        _engine.Workshop.Hold("other");
        var run = await _engine.RunAsync(Three);
        await _engine.Runtime.RetryAsync(run.Id, inputs: Values(("as", "other")));
        await _engine.Workshop.BegunAsync("other");
        await _engine.DisposeAsync();

        await using var next = new Engine(_folder, workshop: new Workshop().Break("other"));
        await next.Runtime.RecoverAsync();
        await next.Runtime.WaitUntilAtRestAsync(run.Id);
        await next.Runtime.RetryAsync(run.Id);
        Assert.Equal(WorkflowSubStatus.Finished, (await next.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        Assert.Equal(["other", "step", "after"], next.Workshop.Begun);
    }

    [Fact]
    public async Task What_a_step_cannot_take_is_refused_and_nothing_changes()
    {
        var run = await _engine.RunAsync(Three);
        var execution = run.Incidents[0].ActivityExecutionId;
        var journal = await _engine.Runs.JournalAsync(run.Id);
        var unknown = await Assert.ThrowsAsync<UnknownInputException>(() => _engine.Runtime.RetryAsync(run.Id, execution, Values(("Az", "x"))));
        Assert.Contains("As, Password", unknown.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SensitiveInputException>(() => _engine.Runtime.RetryAsync(run.Id, execution, Values(("Password", "secret"))));
        await Assert.ThrowsAsync<ActivityNotFaultedException>(() => _engine.Runtime.RetryAsync(run.Id, "nothing"));
        await Assert.ThrowsAsync<ActivityNotFaultedException>(() => _engine.Runtime.SkipAsync(run.Id, "nothing", "Done"));
        var outcome = await Assert.ThrowsAsync<UnknownOutcomeException>(() => _engine.Runtime.SkipAsync(run.Id, execution, "done"));
        Assert.Contains("Done, Rejected", outcome.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RunNotFoundException>(() => _engine.Runtime.RetryAsync("nothing"));
        Assert.Equal(journal.Count, (await _engine.Runs.JournalAsync(run.Id)).Count);
        Assert.Equal(["before", "step"], _engine.Workshop.Begun);
    }

    [Fact]
    public async Task A_value_that_is_none_of_the_inputs_type_is_refused()
    {
        var run = await _engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Activity("wait", "Elsa.Delay", ("timeSpan", WorkflowJson.Literal("soon")))));
        await Assert.ThrowsAsync<InputConversionException>(() => _engine.Runtime.RetryAsync(run.Id, inputs: Values(("TimeSpan", "later"))));
        await _engine.Runtime.RetryAsync(run.Id, inputs: Values(("TimeSpan", "00:00:00")));
        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
    }

    [Fact]
    public async Task With_two_failed_steps_changed_inputs_must_name_one_of_them()
    {
        _engine.Workshop.Break("other");
        var run = await _engine.RunAsync(WorkflowJson.Flowchart([WorkflowJson.Work("start"), WorkflowJson.Work("step"), WorkflowJson.Work("other")], "start -> step", "start -> other"));
        Assert.Equal(2, run.Incidents.Count);
        await Assert.ThrowsAsync<AmbiguousStepException>(() => _engine.Runtime.RetryAsync(run.Id, inputs: Values(("As", "start"))));
        _engine.Workshop.Repair("step");
        _engine.Workshop.Repair("other");
        await _engine.Runtime.RetryAsync(run.Id);
        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
    }

    [Theory]
    [InlineData("Done", "good")]
    [InlineData("Rejected", "bad")]
    public async Task A_step_that_is_skipped_with_an_outcome_leads_where_that_outcome_leads(string outcome, string next)
    {
        var run = await _engine.RunAsync(WorkflowJson.Flowchart([WorkflowJson.Work("step"), WorkflowJson.Work("good"), WorkflowJson.Work("bad")], "step -> good", "step:Rejected -> bad"));
        await _engine.Runtime.SkipAsync(run.Id, run.Incidents[0].ActivityExecutionId, outcome, "alice");
        var ended = await _engine.Runtime.WaitUntilAtRestAsync(run.Id);
        Assert.Equal(WorkflowSubStatus.Finished, ended.SubStatus);
        Assert.True(ended.Incidents[0].IsResolved);
        Assert.Equal(["step", next], _engine.Workshop.Begun);
        var row = (await _engine.Runs.JournalAsync(run.Id)).Single(entry => entry.EventName == "Skipped");
        Assert.Equal($$"""{"Outcome":"{{outcome}}","By":"alice"}""", row.Payload.ToString());
    }

    [Fact]
    public async Task A_step_of_an_unknown_type_can_be_skipped_by_the_ways_that_lead_from_it()
    {
        var json = WorkflowJson.Flowchart([WorkflowJson.Activity("odd", "Acme.Teleport"), WorkflowJson.Work("here")], "odd:Arrived -> here");
        var run = await _engine.RunAsync(json);
        var definition = await _engine.Definitions.ImportAsync(json);
        Assert.Equal(["Done", "Arrived"], _engine.Get<Activities.ActivityRegistry>().OutcomesOf(definition, run.Incidents[0].ActivityNodeId));
        await _engine.Runtime.SkipAsync(run.Id, run.Incidents[0].ActivityExecutionId, "Arrived");
        await _engine.Runtime.WaitUntilAtRestAsync(run.Id);
        Assert.Equal(["here"], _engine.Workshop.Begun);
    }

    [Fact]
    public async Task A_failed_branch_that_a_join_no_longer_needs_is_no_open_incident()
    {
        var join = WorkflowJson.Activity("join", "Elsa.FlowJoin", ("mode", WorkflowJson.Literal("WaitAny")));
        var run = await _engine.RunAsync(WorkflowJson.Flowchart(
            [WorkflowJson.Work("start"), WorkflowJson.Work("step"), WorkflowJson.Event("go"), join, WorkflowJson.Event("more")],
            "start -> step", "start -> go", "step -> join", "go -> join", "join -> more"));
        await _engine.Runtime.PublishEventAsync("go");
        var waiting = await _engine.Runtime.WaitUntilAtRestAsync(run.Id);
        Assert.Equal([true], waiting.Incidents.Select(incident => incident.IsResolved));
        Assert.DoesNotContain(RunActions.Retry, RunActions.Of(waiting));
    }

    [Fact]
    public async Task A_retry_lets_an_interrupted_run_go_on()
    {
        var run = await _engine.RunAsync(Three);
        await _engine.Runtime.InterruptAsync(run.Id);
        _engine.Workshop.Repair("step");
        await _engine.Runtime.RetryAsync(run.Id);
        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
    }

    private static Dictionary<string, JsonElement> Values(params (string Name, string Value)[] values) =>
        values.ToDictionary(value => value.Name, value => JsonSerializer.SerializeToElement(value.Value));
}
