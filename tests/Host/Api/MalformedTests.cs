using System.Net;
using System.Text.Json.Nodes;

namespace VmCluster.Host.Tests.Api;

/// <summary>Requests that make no sense. Studio repeats what is answered with 500, so a definite error must be none.</summary>
public sealed class MalformedTests : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Theory]
    [InlineData("/workflow-definitions", "{}")]
    [InlineData("/workflow-definitions", """{"model":null}""")]
    [InlineData("/workflow-definitions", """{"model":{"definitionId":7,"root":{"id":"r","type":"Elsa.Sequence","activities":[{"type":"Elsa.WriteLine"}]}}}""")]
    [InlineData("/workflow-definitions", """{"model":{"name":"x","root":{"id":"r","type":"Elsa.NotFoundActivity","originalActivityJson":"{"}}}""")]
    [InlineData("/workflow-definitions/import", """{"definitionId":"x","root":"r"}""")]
    [InlineData("/bulk-actions/delete/workflow-definitions/by-id", "{}")]
    [InlineData("/bulk-actions/delete/workflow-instances/by-id", """{"ids":null}""")]
    [InlineData("/bulk-actions/export/workflow-definitions", "{}")]
    [InlineData("/workflow-instances", """{"statuses":["Sleeping"]}""")]
    [InlineData("/bulk-actions/export/workflow-instances", "{}")]
    [InlineData("/bulk-actions/import/workflow-instances", "{}")]
    [InlineData("/workflow-definitions/import-files", "{}")]
    [InlineData("/workflow-instances", "[]")]
    [InlineData("/activity-executions/report", "{}")]
    [InlineData("/alterations/submit", "{}")]
    [InlineData("/alterations/submit", """{"alterations":[{"type":"Migrate"}]}""")]
    [InlineData("/tests/activities", "{}")]
    [InlineData("/workflow-definitions/build-cluster/execute", """{"versionOptions":"Newest"}""")]
    [InlineData("/workflow-definitions/build-cluster/execute", """{"input":{"NodeCount":"many"}}""")]
    public async Task A_request_that_makes_no_sense_is_answered_with_400_and_a_sentence(string path, string body)
    {
        using var response = await _api.SendAsync(HttpMethod.Post, path, JsonNode.Parse(body));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{(int)response.StatusCode}: {text}");
        Assert.NotEmpty((string)JsonNode.Parse(text)!["message"]!);
    }
}
