using System.Net;
using System.Text.Json.Nodes;
using static VmCluster.Host.Tests.Api.TestWorkflows;

namespace VmCluster.Host.Tests.Api;

/// <summary>What happens to a definition when it is edited in Studio.</summary>
public sealed class EditingTests : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task A_new_workflow_is_made_from_the_little_that_Studio_sends()
    {
        var answer = await _api.PostAsync("/workflow-definitions", JsonNode.Parse("""
            {"model":{"definitionId":null,"name":"Workflow 1","description":null,"toolVersion":"3.8.0.0","variables":null,"inputs":null,"outputs":null,"outcomes":null,"customProperties":null,"isReadonly":false,"options":null,
            "root":{"id":"81ca","type":"Elsa.Flowchart","version":1,"name":"Flowchart1"},"version":1,"isLatest":true,"isPublished":false,"id":null},"publish":null}
            """));
        var definition = answer["workflowDefinition"]!;
        Assert.Equal("workflow-1", (string)definition["definitionId"]!);
        Assert.Equal("Workflow1:81ca", (string)definition["root"]!["nodeId"]!);
        Assert.Empty(definition["variables"]!.AsArray());
        Assert.Contains(definition["links"]!.AsArray(), link => (string)link!["rel"]! == "publish");
        Assert.False((bool)definition["isPublished"]!);
        Assert.Equal($"{Environment.UserName} (script)", (string)definition["changedBy"]!);

        var second = await SaveAsync(new JsonObject { ["name"] = "Workflow 1", ["root"] = definition["root"]!.DeepClone() });
        Assert.Equal("workflow-1-2", (string)second["definitionId"]!);
    }

    [Fact]
    public async Task Saving_a_published_workflow_begins_a_draft_which_later_saves_overwrite_until_it_is_published()
    {
        var model = await OpenAsync("build-cluster");
        var draft = await SaveAsync(With(model, "description", "First"));
        Assert.Equal((2, true, false), State(draft));
        Assert.Equal((1, false, true), State(await _api.GetAsync("/workflow-definitions/by-definition-id/build-cluster?versionOptions=Published")));

        var again = await SaveAsync(With(draft, "description", "Second"));
        Assert.Equal((2, true, false), State(again));
        Assert.Equal((string)draft["id"]!, (string)again["id"]!);

        var published = await SaveAsync(again, publish: true);
        Assert.Equal((2, true, true), State(published));
        var versions = (await _api.GetAsync("/workflow-definitions?versionOptions=AllVersions&DefinitionIds=build-cluster&OrderBy=Version&OrderDirection=Descending"))["items"]!.AsArray();
        Assert.Equal(["2 True True", "1 False False"], versions.Select(version => $"{version!["version"]} {version["isLatest"]!.GetValue<bool>()} {version["isPublished"]!.GetValue<bool>()}"));
    }

    [Fact]
    public async Task Saving_what_is_the_same_makes_no_new_version()
    {
        var model = await OpenAsync("build-cluster");
        Assert.Equal((1, true, true), State(await SaveAsync(model)));
        var answer = await _api.PostAsync("/workflow-definitions", new { model, publish = true });
        Assert.True((bool)answer["alreadyPublished"]!);
    }

    [Fact]
    public async Task A_run_stays_on_the_version_that_it_began_with_though_that_was_a_draft()
    {
        await _api.Definitions.ImportAsync(Sequence(Event("wait", "go"), WriteLine("say", "'old'")));
        var draft = await SaveAsync(With(await OpenAsync("greeting"), "description", "A draft."));
        var started = await _api.SendAsync(HttpMethod.Post, "/workflow-definitions/greeting/execute", new { versionOptions = "Latest", input = (object?)null });
        var runId = Assert.Single(started.Headers.GetValues("x-elsa-workflow-instance-id"));
        await _api.Runtime.WaitUntilAtRestAsync(runId);

        draft["root"]!["activities"]![1]!["text"]!["expression"]!["value"] = "'new'";
        Assert.Equal((3, true, false), State(await SaveAsync(draft)));

        await _api.Runtime.PublishEventAsync("go", instanceId: runId);
        await _api.Runtime.WaitUntilAtRestAsync(runId);
        Assert.Equal(2, (int)(await _api.GetAsync($"/workflow-instances/{runId}"))["version"]!);
        var said = (await _api.GetAsync($"/activity-executions/list?WorkflowInstanceId={runId}&ActivityNodeId=Workflow1:all:say"))["items"]![0]!;
        Assert.Equal("old", (string)said["activityState"]!["Text"]!);
    }

    [Fact]
    public async Task What_Studio_does_not_know_is_still_there_after_a_save()
    {
        await _api.Definitions.ImportAsync(Sequence(Unknown, WriteLine("hello", "'Hello'")));
        var model = await OpenAsync("greeting");
        model["description"] = "Edited.";
        model["root"]!["activities"]![0]!["metadata"] = JsonNode.Parse("""{"designer":{"position":{"x":40,"y":20}}}""");
        // Studio's model of an input has no default value, and it sends activities in an order of its own.
        model["inputs"]![0]!.AsObject().Remove("defaultValue");
        var activities = model["root"]!["activities"]!.AsArray();
        var first = activities[0]!;
        activities.RemoveAt(0);
        activities.Add(first);
        await SaveAsync(model);

        var stored = JsonNode.Parse(await ExportAsync("greeting"))!;
        Assert.Equal("World", (string)stored["inputs"]![0]!["defaultValue"]!);
        var odd = stored["root"]!["activities"]![0]!;
        Assert.Equal("Contoso.Strange", (string)odd["type"]!);
        Assert.Equal(2, (int)odd["version"]!);
        Assert.Equal(11, (int)odd["power"]!["expression"]!["value"]!);
        Assert.Equal(40, (int)odd["metadata"]!["designer"]!["position"]!["x"]!);
    }

    [Fact]
    public async Task A_shipped_workflow_is_exported_as_the_file_that_it_came_from()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "workflows"), "*.json"))
            Assert.Equal(await File.ReadAllTextAsync(file), await ExportAsync(Path.GetFileNameWithoutExtension(file)));
    }

    [Fact]
    public async Task Publishing_names_everything_that_cannot_run()
    {
        var model = JsonNode.Parse(Sequence(
            Unknown,
            """{ "id": "liquid", "type": "Elsa.WriteLine", "version": 1, "text": { "typeName": "String", "expression": { "type": "Liquid", "value": "{{ Who }}" } } }""",
            """{ "id": "plan", "type": "VmCluster.PlanCluster", "version": 1, "memoryMiB": { "typeName": "Int32", "expression": { "type": "Literal", "value": "lots" } } }"""))!;
        await SaveAsync(model);
        using var response = await _api.SendAsync(HttpMethod.Post, "/workflow-definitions", new { model, publish = true });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.Equal(400, (int)answer["statusCode"]!);
        Assert.Collection(
            answer["errors"]!["generalErrors"]!.AsArray().Select(error => (string)error!),
            error => Assert.Contains("'Contoso.Strange', which this server does not have", error, StringComparison.Ordinal),
            error => Assert.Contains("Liquid expressions cannot be evaluated here", error, StringComparison.Ordinal),
            error => Assert.Equal("'Memory' of 'plan': lots is no Int32.", error));

        using var list = await _api.SendAsync(HttpMethod.Post, "/workflow-definitions/greeting/publish", new { });
        Assert.Equal(HttpStatusCode.BadRequest, list.StatusCode);
    }

    [Fact]
    public async Task A_kind_of_workflow_that_cannot_run_is_refused_before_it_is_stored()
    {
        var model = JsonNode.Parse("""{"name":"States","root":{"id":"r","type":"Elsa.StateMachine","version":1,"name":"StateMachine1"}}""");
        using var response = await _api.SendAsync(HttpMethod.Post, "/workflow-definitions", new { model, publish = false });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("Choose Flowchart or Sequence", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (int)(await _api.GetAsync("/workflow-definitions?SearchTerm=States"))["totalCount"]!);
    }

    [Fact]
    public async Task A_version_is_reverted_by_a_new_draft_like_it()
    {
        await SaveAsync(With(await OpenAsync("build-cluster"), "description", "Spoilt"), publish: true);
        var reverted = await _api.PostAsync("/workflow-definitions/build-cluster/revert/1");
        Assert.Equal((3, true, false), State(reverted));
        var latest = await OpenAsync("build-cluster");
        Assert.StartsWith("Builds a cluster", (string)latest["description"]!, StringComparison.Ordinal);
        Assert.Equal((2, false, true), State(await _api.GetAsync("/workflow-definitions/by-definition-id/build-cluster?versionOptions=Published")));
    }

    [Fact]
    public async Task A_retracted_workflow_has_no_published_version_until_it_is_published_again()
    {
        Assert.Equal((1, true, false), State(await _api.PostAsync("/workflow-definitions/add-node/retract", new { })));
        Assert.Null(await _api.Definitions.FindPublishedAsync("add-node"));
        var answer = await _api.PostAsync("/workflow-definitions/add-node/publish", new { });
        Assert.Equal((1, true, true), State(answer["workflowDefinition"]!));

        var bulk = await _api.PostAsync("/bulk-actions/retract/workflow-definitions/by-definition-ids", new { definitionIds = new[] { "add-node", "nowhere" } });
        Assert.Equal("""{"retracted":["add-node"],"alreadyRetracted":[],"notFound":["nowhere"]}""", bulk.ToJsonString());
        bulk = await _api.PostAsync("/bulk-actions/publish/workflow-definitions/by-definition-ids", new { definitionIds = new[] { "add-node", "build-cluster" } });
        Assert.Equal("""{"published":["add-node"],"alreadyPublished":["build-cluster"],"notFound":[],"updatedConsumers":[]}""", bulk.ToJsonString());
    }

    [Fact]
    public async Task A_deleted_workflow_leaves_its_runs_readable_and_does_not_come_back_by_itself()
    {
        var run = await _api.RunAsync(WriteLine("hello", "'Hello'"));
        Assert.Equal(1, (int)(await _api.PostAsync("/bulk-actions/delete/workflow-definitions/by-definition-id", new { definitionIds = new[] { "greeting" } }))["deleted"]!);
        Assert.Equal(0, (int)(await _api.GetAsync("/workflow-definitions?SearchTerm=greeting"))["totalCount"]!);
        // The list of runs asks for the definitions of its rows by their ids and drops rows without one.
        Assert.Single((await _api.GetAsync($"/workflow-definitions?versionOptions=&Ids={run.DefinitionVersionId}"))["items"]!.AsArray());
        Assert.Equal("greeting", (string)(await _api.GetAsync($"/workflow-definitions/by-id/{run.DefinitionVersionId}"))["definitionId"]!);

        using var deleted = await _api.SendAsync(HttpMethod.Delete, "/workflow-definitions/add-node");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await _api.SeedAsync();
        Assert.Equal(0, (int)(await _api.GetAsync("/workflow-definitions?SearchTerm=add-node"))["totalCount"]!);

        await _api.Definitions.ImportAsync(Sequence(WriteLine("hello", "'Hello again'")));
        Assert.Equal((2, true, true), State(await OpenAsync("greeting")));
    }

    [Fact]
    public async Task Deleting_the_latest_version_makes_the_one_before_it_the_latest()
    {
        var draft = await SaveAsync(With(await OpenAsync("build-cluster"), "description", "A draft."));
        using var response = await _api.SendAsync(HttpMethod.Delete, $"/workflow-definition-versions/{draft["id"]}");
        Assert.Equal((1, true, true), State(await OpenAsync("build-cluster")));
        // Its number is not given again: something may still refer to it.
        Assert.Equal((3, true, false), State(await SaveAsync(With(await OpenAsync("build-cluster"), "description", "Another draft."))));
    }

    [Fact]
    public async Task An_edited_workflow_is_not_overwritten_by_the_shipped_one()
    {
        await SaveAsync(With(await OpenAsync("build-cluster"), "description", "Mine"), publish: true);
        await _api.SeedAsync();
        Assert.Equal("Mine", (string)(await OpenAsync("build-cluster"))["description"]!);
    }

    private static JsonNode With(JsonNode model, string member, string value)
    {
        var changed = model.DeepClone();
        changed[member] = value;
        return changed;
    }

    private static (int Version, bool IsLatest, bool IsPublished) State(JsonNode definition) =>
        ((int)definition["version"]!, (bool)definition["isLatest"]!, (bool)definition["isPublished"]!);

    private Task<JsonNode> OpenAsync(string definitionId) => _api.GetAsync($"/workflow-definitions/by-definition-id/{definitionId}?versionOptions=Latest");

    private async Task<JsonNode> SaveAsync(JsonNode model, bool publish = false) => (await _api.PostAsync("/workflow-definitions", new { model, publish }))["workflowDefinition"]!;

    private async Task<string> ExportAsync(string definitionId)
    {
        using var response = await _api.SendAsync(HttpMethod.Get, $"/workflow-definitions/{definitionId}/export?versionOptions=Latest");
        Assert.Equal($"{definitionId}.json", response.Content.Headers.ContentDisposition!.FileName);
        return await response.Content.ReadAsStringAsync();
    }
}
