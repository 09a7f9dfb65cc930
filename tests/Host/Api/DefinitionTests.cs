using System.Net;
using System.Text.Json.Nodes;

namespace VmCluster.Host.Tests.Api;

/// <summary>Definitions as Studio lists and opens them.</summary>
public sealed class DefinitionTests : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task The_shipped_workflows_are_listed_and_can_be_edited()
    {
        var answer = await ListAsync("versionOptions=Latest&Page=0&PageSize=100&OrderBy=Name&OrderDirection=Ascending&IsSystem=False");
        var ids = answer["items"]!.AsArray().Select(definition => (string)definition!["definitionId"]!).ToList();
        Assert.Contains("build-cluster", ids);
        Assert.Equal(ids.Count, (int)answer["totalCount"]!);
        Assert.Contains(answer["links"]!.AsArray(), link => (string)link!["rel"]! == "bulk-publish");
        Assert.All(answer["items"]!.AsArray(), definition =>
        {
            Assert.Contains(definition!["links"]!.AsArray(), link => (string)link!["rel"]! == "publish");
            Assert.Null(definition["root"]);
            Assert.Equal("Json", (string)definition["materializerName"]!);
        });
    }

    [Fact]
    public async Task Pages_are_counted_from_zero_and_the_total_is_that_of_all()
    {
        var all = (await ListAsync("versionOptions=Latest&OrderBy=Name"))["items"]!.AsArray().Select(definition => (string)definition!["name"]!).ToList();
        var second = await ListAsync("versionOptions=Latest&OrderBy=Name&OrderDirection=Ascending&Page=1&PageSize=2");
        Assert.Equal(all[2..4], second["items"]!.AsArray().Select(definition => (string)definition!["name"]!));
        Assert.Equal(all.Count, (int)second["totalCount"]!);
        Assert.Equal(all.Order(StringComparer.Ordinal), all);
    }

    [Theory]
    [InlineData("BUILD-CLUSTER", "build-cluster")]
    [InlineData("destroy", "destroy-cluster")]
    [InlineData("100%", null)]
    public async Task A_search_looks_at_names_and_ids_in_any_case(string term, string? expected)
    {
        var found = (await ListAsync($"versionOptions=Latest&SearchTerm={Uri.EscapeDataString(term)}"))["items"]!.AsArray().Select(definition => (string?)definition!["definitionId"]).ToList();
        if (expected is null)
            Assert.Empty(found);
        else
            Assert.Contains(expected, found);
    }

    [Fact]
    public async Task A_definition_opens_with_all_that_Studio_goes_through()
    {
        var definition = await _api.GetAsync("/workflow-definitions/by-definition-id/build-cluster?versionOptions=Latest");
        Assert.All(new[] { "variables", "inputs", "outputs", "outcomes" }, name => Assert.IsType<JsonArray>(definition[name]));
        Assert.All(new[] { "customProperties", "options", "root" }, name => Assert.IsType<JsonObject>(definition[name]));
        Assert.True((bool)definition["isLatest"]!);
        Assert.True((bool)definition["isPublished"]!);
        Assert.Equal("Workflow1:Flowchart1:plan", (string)definition["root"]!["activities"]![0]!["nodeId"]!);

        var same = await _api.GetAsync($"/workflow-definitions/by-id/{definition["id"]}");
        Assert.True(JsonNode.DeepEquals(definition, same));
    }

    [Fact]
    public async Task A_workflow_written_by_hand_opens_though_it_leaves_much_out()
    {
        await _api.Definitions.ImportAsync("""
            { "definitionId": "small", "root": { "id": "flow", "type": "Elsa.Flowchart", "activities": [{ "id": "a", "type": "Elsa.WriteLine" }, { "id": "b", "type": "Elsa.WriteLine" }],
              "connections": [{ "source": { "activity": "a", "port": "Done" }, "target": { "activity": "b", "port": "In" }, "vertices": null }] } }
            """);
        var root = (await _api.GetAsync("/workflow-definitions/by-definition-id/small"))["root"]!;
        Assert.Equal("[]", root["connections"]![0]!["vertices"]!.ToJsonString());
        Assert.Equal(1, (int)root["activities"]![0]!["version"]!);
        Assert.Equal("Workflow1:flow:a", (string)root["activities"]![0]!["nodeId"]!);
        Assert.IsType<JsonObject>(root["activities"]![0]!["metadata"]);
    }

    [Fact]
    public async Task An_activity_of_an_unknown_type_is_shown_as_a_placeholder_that_holds_it()
    {
        await _api.Definitions.ImportAsync(TestWorkflows.Sequence(TestWorkflows.Unknown, TestWorkflows.WriteLine("hello", "'Hello'")));
        var activities = (await _api.GetAsync("/workflow-definitions/by-definition-id/greeting"))["root"]!["activities"]!.AsArray();
        Assert.Equal("Elsa.NotFoundActivity", (string)activities[0]!["type"]!);
        Assert.Equal("Contoso.Strange", (string)activities[0]!["missingTypeName"]!);
        Assert.Equal(11, (int)JsonNode.Parse((string)activities[0]!["originalActivityJson"]!)!["power"]!["expression"]!["value"]!);
        Assert.Equal("Elsa.WriteLine", (string)activities[1]!["type"]!);
    }

    [Fact]
    public async Task A_definition_that_is_not_there_is_404_with_a_sentence()
    {
        using var response = await _api.SendAsync(HttpMethod.Get, "/workflow-definitions/by-definition-id/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("There is no workflow 'nowhere'", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var version = await _api.SendAsync(HttpMethod.Get, "/workflow-definitions/by-definition-id/build-cluster?versionOptions=Newest");
        Assert.Equal(HttpStatusCode.BadRequest, version.StatusCode);
    }

    [Fact]
    public async Task A_name_is_unique_unless_another_workflow_has_it()
    {
        const string path = "/workflow-definitions/validation/is-name-unique?name=Build%20a%20cluster";
        Assert.False((bool)(await _api.GetAsync(path))["isUnique"]!);
        Assert.True((bool)(await _api.GetAsync($"{path}&definitionId=build-cluster"))["isUnique"]!);
        Assert.True((bool)(await _api.GetAsync("/workflow-definitions/validation/is-name-unique?name=Something%20new"))["isUnique"]!);
    }

    [Fact]
    public async Task An_activity_inside_another_one_is_found_with_the_way_to_it()
    {
        var definition = await _api.GetAsync("/workflow-definitions/by-definition-id/build-cluster");
        var loop = definition["root"]!["activities"]!.AsArray().First(activity => activity!["body"] is not null)!;
        var body = (string)loop["body"]!["nodeId"]!;

        var path = await _api.GetAsync($"/workflow-definitions/subgraph/segments/{definition["id"]}?childNodeId={body}");
        Assert.Equal(body, (string)path["childNode"]!["nodeId"]!);
        var segment = Assert.Single(path["pathSegments"]!.AsArray());
        Assert.Equal((string)loop["nodeId"]!, (string)segment!["activityNodeId"]!);
        Assert.Equal("Body", (string)segment["portName"]!);

        var below = await _api.GetAsync($"/workflow-definitions/subgraph/{definition["id"]}?parentNodeId={loop["nodeId"]}");
        Assert.Equal(body, (string)Assert.Single(below["children"]!.AsArray())!["nodeId"]!);
        var whole = await _api.GetAsync($"/workflow-definitions/subgraph/{definition["id"]}");
        Assert.Equal("Workflow1", (string)whole["nodeId"]!);
    }

    private Task<JsonNode> ListAsync(string query) => _api.GetAsync($"/workflow-definitions?{query}");
}
