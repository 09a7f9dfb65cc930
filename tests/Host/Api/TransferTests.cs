using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using static VmCluster.Host.Tests.Api.TestWorkflows;

namespace VmCluster.Host.Tests.Api;

/// <summary>Workflows that go out as files and come in again.</summary>
public sealed class TransferTests : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task An_exported_file_that_comes_in_again_is_the_same_byte_for_byte()
    {
        await _api.Definitions.ImportAsync(Sequence(Unknown, WriteLine("hello", "'Größe — ok'")));
        var file = await ExportAsync("greeting");
        await using var other = await ApiServer.StartAsync();
        var model = JsonNode.Parse(file)!;
        model["isPublished"] = false;
        await other.PostAsync("/workflow-definitions/import", model);
        using var response = await other.SendAsync(HttpMethod.Get, "/workflow-definitions/greeting/export");
        Assert.Equal(file.Replace("\"isPublished\": true", "\"isPublished\": false", StringComparison.Ordinal), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_imported_file_is_a_version_of_its_own_and_no_version_when_it_is_the_same()
    {
        var file = JsonNode.Parse(await ExportAsync("build-cluster"))!;
        Assert.Equal(1, (int)(await _api.PostAsync("/workflow-definitions/import", file))["version"]!);
        file["description"] = "Changed outside.";
        var imported = await _api.PostAsync("/workflow-definitions/import", file);
        Assert.Equal(2, (int)imported["version"]!);
        Assert.True((bool)imported["isPublished"]!);
    }

    [Fact]
    public async Task Several_workflows_go_out_as_one_zip_and_come_in_as_one()
    {
        await _api.Definitions.ImportAsync("""{ "definitionId": "../../etc/passwd", "name": "Odd", "root": { "id": "r", "type": "Elsa.Sequence", "version": 1 } }""");
        var all = (await _api.GetAsync("/workflow-definitions?versionOptions=Latest"))["items"]!.AsArray();
        var ids = all.Select(definition => (string)definition!["id"]!).ToList();
        using var response = await _api.SendAsync(HttpMethod.Post, "/bulk-actions/export/workflow-definitions", new { ids, includeConsumingWorkflows = false });
        var bytes = await response.Content.ReadAsByteArrayAsync();
        using (var zip = new ZipArchive(new MemoryStream(bytes)))
        {
            Assert.Equal(ids.Count, zip.Entries.Count);
            Assert.All(zip.Entries, entry => Assert.Matches("^[A-Za-z0-9_-]+\\.json$", entry.FullName));
        }

        await using var other = await ApiServer.StartAsync();
        var answer = await other.UploadAsync("/workflow-definitions/import-files", ("all.zip", bytes));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(1, (int)(await other.GetAsync("/workflow-definitions?SearchTerm=Odd"))["totalCount"]!);
    }

    [Fact]
    public async Task A_file_that_is_no_workflow_leaves_nothing_of_its_upload_behind()
    {
        using var answer = await _api.UploadAsync(
            "/workflow-definitions/import-files",
            ("good.json", System.Text.Encoding.UTF8.GetBytes(Sequence(WriteLine("hello", "'Hello'")))),
            ("bad.json", "no JSON"u8.ToArray()));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'bad.json' is not JSON", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, (int)(await _api.GetAsync("/workflow-definitions?SearchTerm=greeting"))["totalCount"]!);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"definitionId\":\"x\"}")]
    [InlineData("{\"definitionId\":\"x\",\"root\":{\"type\":\"Elsa.Sequence\"}}")]
    public async Task What_is_no_workflow_is_refused_with_a_sentence(string json)
    {
        using var response = await _api.SendAsync(HttpMethod.Post, "/workflow-definitions/import", JsonNode.Parse(json));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errors"]!["generalErrors"]![0]!);
    }

    [Fact]
    public async Task JSON_that_names_types_of_the_program_makes_none_of_them()
    {
        var file = JsonNode.Parse(Sequence(WriteLine("hello", "'Hello'")))!;
        file["$type"] = "System.Diagnostics.Process, System.Diagnostics.Process";
        file["variables"]![0]!["typeName"] = "System.IO.FileInfo, System.Private.CoreLib";
        file["variables"]![0]!["value"] = "{\"$type\":\"System.IO.FileInfo\",\"fileName\":\"/etc/passwd\"}";
        await _api.PostAsync("/workflow-definitions/import", file);
        var run = await _api.PostAsync("/workflow-definitions/greeting/dispatch", new { versionOptions = "Latest" });
        var ended = await _api.Runtime.WaitUntilAtRestAsync((string)run["workflowInstanceId"]!);
        Assert.Equal("Finished", ended.SubStatus.ToString());
        var stored = JsonNode.Parse(await ExportAsync("greeting"))!;
        Assert.Equal("System.Diagnostics.Process, System.Diagnostics.Process", (string)stored["$type"]!);
    }

    private async Task<string> ExportAsync(string definitionId)
    {
        using var response = await _api.SendAsync(HttpMethod.Get, $"/workflow-definitions/{definitionId}/export?versionOptions=Latest&includeConsumingWorkflows=False");
        return await response.Content.ReadAsStringAsync();
    }
}
