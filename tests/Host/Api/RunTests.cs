using System.Net;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Execution;
using static VmCluster.Host.Tests.Api.TestWorkflows;

namespace VmCluster.Host.Tests.Api;

/// <summary>The ways on from where a run stands.</summary>
public sealed class RunTests : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task A_failed_run_names_the_step_its_inputs_its_outcomes_and_what_can_be_done()
    {
        var run = await _api.RunAsync(Fault("fail", "no such image"));
        var view = await _api.GetAsync($"/api/runs/{run.Id}");
        Assert.Equal(["retry", "skip", "cancel"], Actions(view));
        Assert.Equal((1, 1), ((int)view["version"]!, (int)view["latestVersion"]!));
        var incident = Assert.Single(view["incidents"]!.AsArray())!;
        Assert.Equal("no such image", (string)incident["message"]!);
        Assert.Equal("no such image", (string)incident["inputs"]!["Message"]!);
        Assert.Equal(["Done"], incident["outcomes"]!.AsArray().Select(outcome => (string)outcome!));
    }

    [Fact]
    public async Task A_failed_step_is_skipped_and_the_journal_says_who_did_it()
    {
        var run = await _api.RunAsync(Fault("fail", "bad"), WriteLine("after", "'went on'"));
        await _api.PostAsync($"/api/runs/{run.Id}/skip", new { activityExecutionId = await FailedStepAsync(run), outcome = "Done" });
        Assert.Equal(WorkflowSubStatus.Finished, (await _api.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        var journal = (await _api.GetAsync($"/workflow-instances/{run.Id}/journal"))["items"]!.AsArray();
        var skipped = Assert.Single(journal, entry => (string)entry!["eventName"]! == "Skipped")!;
        Assert.Equal($"{Environment.UserName} (script)", (string)skipped["payload"]!["By"]!);
    }

    [Fact]
    public async Task A_failed_step_is_retried_with_an_input_that_was_changed()
    {
        var run = await _api.RunAsync(InProcessCli.Activity("wait", "Delay", ("timeSpan", "'soon'")));
        await _api.PostAsync($"/api/runs/{run.Id}/retry", new { activityExecutionId = await FailedStepAsync(run), inputs = new { TimeSpan = "00:00:00" } });
        Assert.Equal(WorkflowSubStatus.Finished, (await _api.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
    }

    [Fact]
    public async Task A_run_that_waits_for_an_event_goes_on_when_it_is_sent_and_the_journal_says_by_whom()
    {
        var run = await _api.RunAsync(Event("wait", "go"), WriteLine("after", "'went on'"));
        var waiting = await _api.GetAsync($"/api/runs/{run.Id}");
        Assert.Equal(["go"], waiting["events"]!.AsArray().Select(name => (string)name!));
        Assert.Contains("event", Actions(waiting));
        using var other = await _api.SendAsync(HttpMethod.Post, $"/api/runs/{run.Id}/event", new { name = "stop" });
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);
        Assert.Contains("does not wait for an event 'stop'", await other.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await _api.PostAsync($"/api/runs/{run.Id}/event", new { name = "go", payload = new { size = 4 } });
        Assert.Equal(WorkflowSubStatus.Finished, (await _api.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        var delivered = Assert.Single(await _api.Runs.JournalAsync(run.Id), entry => entry.EventName == "Delivered");
        Assert.Equal($"{Environment.UserName} (script)", delivered.Payload!.Value.GetProperty("By").GetString());
        Assert.Empty((await _api.GetAsync($"/api/runs/{run.Id}"))["events"]!.AsArray());
    }

    [Fact]
    public async Task A_run_is_paused_and_resumed()
    {
        var run = await _api.RunAsync(Event("wait", "go"));
        var paused = await _api.PostAsync($"/api/runs/{run.Id}/pause");
        Assert.Contains("resume", Actions(paused));
        Assert.DoesNotContain("pause", Actions(paused));
        var resumed = await _api.PostAsync($"/api/runs/{run.Id}/resume");
        Assert.Contains("pause", Actions(resumed));
        Assert.DoesNotContain("resume", Actions(resumed));
    }

    [Fact]
    public async Task A_step_that_was_corrected_and_published_is_what_the_same_run_goes_on_with()
    {
        var run = await _api.RunAsync(WriteLine("first", "'done once'"), InProcessCli.Activity("wait", "Delay", ("timeSpan", "'soon'")));
        Assert.DoesNotContain("migrate", Actions(await _api.GetAsync($"/api/runs/{run.Id}")));

        var model = await _api.GetAsync("/workflow-definitions/by-definition-id/greeting?versionOptions=Latest");
        model["root"]!["activities"]![1]!["timeSpan"] = JsonNode.Parse("""{"typeName":null,"expression":{"type":"Literal","value":"00:00:00"}}""");
        await _api.PostAsync("/workflow-definitions", new { model, publish = true });
        var view = await _api.GetAsync($"/api/runs/{run.Id}");
        Assert.Contains("migrate", Actions(view));
        Assert.Equal(2, (int)view["latestVersion"]!);

        Assert.Equal(2, (int)(await _api.PostAsync($"/api/runs/{run.Id}/migrate"))["version"]!);
        Assert.Equal(WorkflowSubStatus.Finished, (await _api.Runtime.WaitUntilAtRestAsync(run.Id)).SubStatus);
        var first = await _api.GetAsync($"/activity-executions/list?WorkflowInstanceId={run.Id}&ActivityNodeId=Workflow1:all:first");
        Assert.Single(first["items"]!.AsArray());
    }

    [Fact]
    public async Task A_move_to_a_version_without_a_step_that_has_run_is_refused_with_the_reason()
    {
        var run = await _api.RunAsync(WriteLine("first", "'done'"), Fault("fail", "bad"));
        await _api.Definitions.ImportAsync(Sequence(Fault("fail", "bad")));
        using var response = await _api.SendAsync(HttpMethod.Post, $"/api/runs/{run.Id}/migrate");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("'first' has run, and is not there any more", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_offers_nothing_more()
    {
        var run = await _api.RunAsync(Event("wait", "go"));
        Assert.Empty(Actions(await _api.PostAsync($"/api/runs/{run.Id}/cancel")));
        using var again = await _api.SendAsync(HttpMethod.Post, $"/api/runs/{run.Id}/pause");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var unknown = await _api.SendAsync(HttpMethod.Post, "/api/runs/nothing/pause");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Runs_are_cancelled_and_deleted_many_at_once_and_their_journal_stays()
    {
        var waiting = await _api.RunAsync(Event("wait", "go"));
        var other = await _api.RunAsync(Event("wait", "go"));
        var done = await _api.RunAsync(WriteLine("hello", "'Hello'"));
        Assert.Equal(1, (int)(await _api.PostAsync("/bulk-actions/cancel/workflow-instances", new { ids = new[] { waiting.Id, done.Id } }))["cancelled"]!);
        Assert.Equal(0, (int)(await _api.PostAsync("/bulk-actions/cancel/workflow-instances", new { }))["cancelled"]!);
        Assert.Equal("Suspended", (string)(await _api.GetAsync($"/workflow-instances/{other.Id}"))["subStatus"]!);

        Assert.Equal(2, (int)(await _api.PostAsync("/bulk-actions/delete/workflow-instances/by-id", new { ids = new[] { other.Id, done.Id, "nothing" } }))["deleted"]!);
        Assert.Equal([waiting.Id], (await _api.PostAsync("/workflow-instances", new { }))["items"]!.AsArray().Select(run => (string)run!["id"]!));
        using var gone = await _api.SendAsync(HttpMethod.Get, $"/workflow-instances/{other.Id}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Contains(await _api.Runs.JournalAsync(other.Id), entry => entry.EventName == "Started");
    }

    [Fact]
    public async Task All_runs_that_fit_a_filter_are_cancelled_at_once()
    {
        var waiting = await _api.RunAsync(Event("wait", "go"));
        await _api.PostAsync("/alterations/submit", new { alterations = new[] { new { type = "Cancel" } }, filter = new { definitionIds = new[] { "build-cluster" } } });
        Assert.Equal("Suspended", (string)(await _api.GetAsync($"/workflow-instances/{waiting.Id}"))["subStatus"]!);
        await _api.PostAsync("/alterations/submit", new { alterations = new[] { new { type = "Cancel" } }, filter = new { emptyFilterSelectsAll = true } });
        Assert.Equal("Cancelled", (string)(await _api.GetAsync($"/workflow-instances/{waiting.Id}"))["subStatus"]!);
    }

    [Fact]
    public async Task One_activity_is_tried_alone_with_the_test_values_of_the_variables()
    {
        var json = JsonNode.Parse(Sequence(WriteLine("hello", "'Count is ' + getVariable('Count')"), Fault("fail", "bad")))!;
        json["customProperties"] = JsonNode.Parse("""{"VariableTestValues":{"v1":"42"}}""");
        var definition = await _api.Definitions.ImportAsync(json.ToJsonString());
        var answer = await TestAsync("hello");
        Assert.Equal("Completed", (string)answer["status"]!);
        Assert.Equal("Count is 42", (string)answer["activityState"]!["Text"]!);

        var failed = await TestAsync("fail");
        Assert.Equal("Faulted", (string)failed["status"]!);
        Assert.Equal("bad", (string)failed["exception"]!["message"]!);
        Assert.DoesNotContain("greeting-test", (await _api.GetAsync("/workflow-definitions")).ToJsonString(), StringComparison.Ordinal);

        Task<JsonNode> TestAsync(string id) => _api.PostAsync("/tests/activities", new
        {
            workflowDefinitionHandle = new { definitionId = (string?)null, versionOptions = (string?)null, definitionVersionId = definition.Id },
            activityHandle = new { activityId = (string?)null, activityNodeId = $"Workflow1:all:{id}" },
        });
    }

    [Fact]
    public async Task The_API_describes_itself()
    {
        using var response = await _api.Server.SendAsync(HttpMethod.Get, "/openapi/v1.json", await _api.Server.TokenAsync());
        var paths = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["paths"]!.AsObject();
        Assert.All(
            new[] { "/elsa/api/workflow-definitions", "/elsa/api/workflow-instances/{id}/journal", "/elsa/api/descriptors/activities", "/api/runs/{id}/retry", "/api/clusters", "/elsa/api/workflow-instances/{id}/export", "/elsa/api/bulk-actions/import/workflow-instances" },
            path => Assert.True(paths.ContainsKey(path), path));
    }

    private async Task<string> FailedStepAsync(WorkflowInstance run) => (string)(await _api.GetAsync($"/api/runs/{run.Id}"))["incidents"]![0]!["activityExecutionId"]!;

    private static IEnumerable<string> Actions(JsonNode run) => run["actions"]!.AsArray().Select(action => (string)action!);
}
