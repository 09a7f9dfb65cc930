using System.Net;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Execution;
using static VmCluster.Host.Tests.Api.TestWorkflows;

namespace VmCluster.Host.Tests.Api;

/// <summary>Runs as Studio's list and viewer read them.</summary>
public sealed class InstanceTests : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Runs_are_found_by_what_Studio_filters_by()
    {
        var waiting = await _api.RunAsync(Event("wait", "go"));
        var failed = await _api.RunAsync(Fault("fail", "no such image"));
        var done = await _api.RunAsync(WriteLine("hello", "'Hello'"));

        await FindsAsync([done, failed, waiting], new { page = 0, pageSize = 10, searchTerm = "", definitionIds = Array.Empty<string>(), statuses = Array.Empty<string>(), orderDirection = "Descending" });
        await FindsAsync([waiting, failed], new { orderBy = "Created", orderDirection = "Ascending", statuses = new[] { "Running" } });
        await FindsAsync([done], new { subStatuses = new[] { "Finished" } });
        await FindsAsync([failed], new { hasIncidents = true });
        await FindsAsync([done, waiting], new { hasIncidents = false });
        await FindsAsync([failed], new { searchTerm = failed.Id.ToUpperInvariant() });
        await FindsAsync([done, failed, waiting], new { definitionId = "greeting" });
        await FindsAsync([], new { definitionIds = new[] { "build-cluster" } });
        await FindsAsync([], new { isSystem = true });
        await FindsAsync([done], new { timestampFilters = new[] { new { column = "FinishedAt", @operator = "GreaterThan", timestamp = DateTimeOffset.UnixEpoch } } });
        await FindsAsync([waiting], new { timestampFilters = new[] { new { column = "CreatedAt", @operator = "LessThanOrEqual", timestamp = waiting.CreatedAt } } });

        var page = await _api.PostAsync("/workflow-instances", new { page = 1, pageSize = 2 });
        Assert.Equal(waiting.Id, (string)Assert.Single(page["items"]!.AsArray())!["id"]!);
        Assert.Equal(3, (int)page["totalCount"]!);
    }

    [Fact]
    public async Task A_run_shows_its_values_its_incident_and_what_it_waits_for()
    {
        var failed = (await _api.GetAsync($"/workflow-instances/{(await _api.RunAsync(Fault("fail", "no such image"))).Id}"))["workflowState"]!;
        Assert.Equal("World", (string)failed["input"]!["Who"]!);
        Assert.Equal("Suspended", (string)failed["subStatus"]!);
        var incident = Assert.Single(failed["incidents"]!.AsArray())!;
        Assert.Equal("Workflow1:all:fail", (string)incident["activityNodeId"]!);
        Assert.Equal("no such image", (string)incident["exception"]!["message"]!);

        var waiting = await _api.GetAsync($"/workflow-instances/{(await _api.RunAsync(Event("wait", "go"))).Id}");
        var bookmark = Assert.Single(waiting["workflowState"]!["bookmarks"]!.AsArray())!;
        Assert.Equal("Workflow1:all:wait", (string)bookmark["activityNodeId"]!);
        Assert.Equal("go", (string)bookmark["payload"]!["EventName"]!);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_404()
    {
        foreach (var path in new[] { "", "/variables", "/execution-state", "/journal" })
        {
            using var response = await _api.SendAsync(HttpMethod.Get, $"/workflow-instances/nothing{path}");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Where_a_run_stands_is_told_to_those_who_poll()
    {
        var run = await _api.RunAsync(Event("wait", "go"));
        var state = await _api.GetAsync($"/workflow-instances/{run.Id}/execution-state");
        Assert.Equal("Running", (string)state["status"]!);
        Assert.Equal("Suspended", (string)state["subStatus"]!);
        Assert.Equal("Suspended", (string)state["workflowSubStatus"]!);
        Assert.Equal(run.UpdatedAt, (DateTimeOffset)state["updatedAt"]!);
    }

    [Fact]
    public async Task Variables_have_the_ids_of_the_definition()
    {
        var run = await _api.RunAsync(Event("wait", "go"));
        var variable = Assert.Single((await _api.GetAsync($"/workflow-instances/{run.Id}/variables"))["items"]!.AsArray())!;
        Assert.Equal("v1", (string)variable["id"]!);
        Assert.Equal("Count", (string)variable["name"]!);
        Assert.Equal(3, (int)variable["value"]!);
    }

    [Fact]
    public async Task The_journal_applies_every_filter_and_pages()
    {
        var run = await _api.RunAsync(WriteLine("one", "'1'"), WriteLine("two", "'2'"), Fault("fail", "bad"));
        await ShowsAsync("skip=0&take=2", new { excludedActivityTypes = new[] { "Elsa.Workflow", "Elsa.Sequence" } }, 6, "one Started", "one Completed");
        await ShowsAsync("skip=3&take=2", new { excludedActivityTypes = new[] { "Elsa.Workflow", "Elsa.Sequence" } }, 6, "two Completed", "fail Started");
        await ShowsAsync("skip=0&take=9", new { activityNodeIds = new[] { "Workflow1:all:two" }, eventNames = new[] { "Completed" } }, 1, "two Completed");
        await ShowsAsync("skip=0&take=9", new { eventNames = new[] { "Faulted" } }, 1, "fail Faulted");
        await ShowsAsync("skip=0&take=9", new { activityIds = new[] { "one" } }, 2, "one Started", "one Completed");

        async Task ShowsAsync(string page, object filter, int total, params string[] expected)
        {
            var answer = await _api.PostAsync($"/workflow-instances/{run.Id}/journal?{page}", new { filter });
            var entries = answer["items"]!.AsArray();
            Assert.Equal(expected, entries.Select(entry => $"{entry!["activityId"]} {entry["eventName"]}"));
            Assert.Equal(total, (int)answer["totalCount"]!);
            Assert.Equal(entries.Select(entry => (long)entry!["sequence"]!).Order(), entries.Select(entry => (long)entry!["sequence"]!));
        }
    }

    [Fact]
    public async Task Badges_are_red_amber_blue_and_green()
    {
        var failed = await _api.RunAsync(WriteLine("hello", "'Hello'"), Fault("fail", "bad"));
        var stats = await StatsAsync(failed, "hello", "fail", "never");
        Assert.Equal(["hello 1/1 False False", "fail 0/1 False True"], stats);

        var waiting = await _api.RunAsync(Event("wait", "go"));
        Assert.Equal(["wait 0/1 True False"], await StatsAsync(waiting, "wait"));
        await _api.Runtime.PublishEventAsync("go", instanceId: waiting.Id);
        await _api.Runtime.WaitUntilAtRestAsync(waiting.Id);
        Assert.Equal(["wait 1/1 False False"], await StatsAsync(waiting, "wait"));

        async Task<IEnumerable<string>> StatsAsync(WorkflowInstance run, params string[] ids)
        {
            var report = await _api.PostAsync("/activity-executions/report", new { workflowInstanceId = run.Id, activityNodeIds = ids.Select(id => $"Workflow1:all:{id}") });
            return report["stats"]!.AsArray().Select(stat => $"{stat!["activityId"]} {stat["completedCount"]}/{stat["startedCount"]} {stat["isBlocked"]!.GetValue<bool>()} {stat["isFaulted"]!.GetValue<bool>()}");
        }
    }

    [Fact]
    public async Task An_execution_shows_inputs_outcomes_and_the_error_by_the_names_of_the_descriptor()
    {
        var run = await _api.RunAsync(WriteLine("hello", "'Hello'"), Fault("fail", "no such image"));
        var hello = await OnlyExecutionAsync(run, "hello");
        Assert.Equal("Hello", (string)hello["activityState"]!["Text"]!);
        Assert.Equal("Completed", (string)hello["status"]!);
        Assert.IsType<JsonObject>(hello["properties"]);

        var fail = await OnlyExecutionAsync(run, "fail");
        Assert.Equal("Faulted", (string)fail["status"]!);
        Assert.Equal("no such image", (string)fail["exception"]!["message"]!);
        Assert.Null(fail["completedAt"]);
        Assert.True(JsonNode.DeepEquals(fail, await _api.GetAsync($"/activity-executions/by-id?id={fail["id"]}")));

        var stack = await _api.GetAsync($"/activity-executions/{fail["id"]}/call-stack?includeCrossWorkflowChain=True");
        Assert.Equal(["Workflow1", "all", "fail"], stack["items"]!.AsArray().Select(execution => (string)execution!["activityId"]!));
        Assert.Equal(3, (int)stack["totalCount"]!);
    }

    private async Task<JsonNode> OnlyExecutionAsync(WorkflowInstance run, string id)
    {
        var query = $"WorkflowInstanceId={run.Id}&ActivityNodeId=Workflow1:all:{id}";
        var execution = Assert.Single((await _api.GetAsync($"/activity-executions/list?{query}"))["items"]!.AsArray())!;
        Assert.Equal((string)execution["id"]!, (string)Assert.Single((await _api.GetAsync($"/activity-execution-summaries/list?{query}"))["items"]!.AsArray())!["id"]!);
        return execution;
    }

    private async Task FindsAsync(IEnumerable<WorkflowInstance> expected, object query)
    {
        var answer = await _api.PostAsync("/workflow-instances", query);
        Assert.Equal(expected.Select(run => run.Id), answer["items"]!.AsArray().Select(run => (string)run!["id"]!));
        Assert.All(answer["items"]!.AsArray(), run => Assert.False(run!.AsObject().ContainsKey("workflowState")));
    }
}
