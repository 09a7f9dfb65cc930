using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Runs;

/// <summary>What a fault does to a run is what its definition's strategy says, and ours where it names none.</summary>
public sealed class IncidentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "Running", "Suspended")]
    [InlineData("Elsa.Workflows.IncidentStrategies.FaultStrategy, Elsa.Workflows.Core", "Finished", "Faulted")]
    [InlineData("Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core", "Running", "Suspended")]
    public async Task After_a_fault_the_other_branch_goes_on_and_then_the_strategy_decides(string? strategy, string status, string subStatus)
    {
        await using var engine = new Engine(_folder, workshop: new Workshop().Break("bad"));
        var run = await engine.RunAsync(WorkflowJson.Of(
            WorkflowJson.FlowchartOf("chart", [WorkflowJson.Work("start"), WorkflowJson.Work("bad"), WorkflowJson.Work("good"), WorkflowJson.Work("after")], "start -> bad", "start -> good", "good -> after"),
            options: strategy is null ? "{}" : $$"""{"incidentStrategyType": "{{strategy}}"}"""));
        Assert.Equal((status, subStatus), (run.Status.ToString(), run.SubStatus.ToString()));
        Assert.Equal(["after", "bad", "good", "start"], engine.Workshop.Begun.Order(StringComparer.Ordinal));
        var incident = Assert.Single(run.Incidents);
        Assert.Equal(("bad", "bad is broken", typeof(WorkBrokenException).FullName), (incident.ActivityId, incident.Message, incident.ExceptionType));
    }

    [Fact]
    public async Task An_exception_that_is_not_ours_keeps_its_stack_trace_in_the_journal_only()
    {
        await using var engine = new Engine(_folder);
        var run = await engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Activity("bug", "Test.Bug")));
        Assert.Equal("Object reference missing", Assert.Single(run.Incidents).Message);
        var row = (await engine.Runs.JournalAsync(run.Id)).Single(entry => entry.EventName == "Faulted");
        Assert.Contains(nameof(Bug), row.Payload!.Value.GetProperty("StackTrace").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_neither_ends_nor_waits_is_a_fault()
    {
        await using var engine = new Engine(_folder);
        var run = await engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Activity("idle", "Test.Idle")));
        Assert.Contains("without completing", Assert.Single(run.Incidents).Message, StringComparison.Ordinal);
    }
}
