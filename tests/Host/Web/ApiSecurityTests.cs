using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using VmCluster.Host.Tests.Api;

namespace VmCluster.Host.Tests.Web;

/// <summary>What comes in through the API is data, and only from those who may bring it.</summary>
public sealed class ApiSecurityTests : IAsyncLifetime
{
    private const string Workflow = """{ "id": "x-v1", "definitionId": "x", "name": "x", "root": { "id": "a", "type": "Elsa.WriteLine", "version": 1 } }""";

    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Theory]
    [InlineData("/elsa/api/workflow-definitions/import")]
    [InlineData("/elsa/api/workflow-definitions")]
    [InlineData("/elsa/api/workflow-definitions/build-cluster/execute")]
    [InlineData("/elsa/api/tests/activities")]
    public async Task A_stranger_is_refused_before_anything_is_read_or_stored(string path)
    {
        var before = await CountAsync("/workflow-definitions");
        using var response = await _api.Server.SendAsync(HttpMethod.Post, path, new StringContent(Workflow, Encoding.UTF8, "application/json"), ("Origin", _api.Server.Address));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(before, await CountAsync("/workflow-definitions"));
        Assert.Equal(0, (int)(await _api.PostAsync("/workflow-instances", new { }))["totalCount"]!);
    }

    [Fact]
    public async Task The_paths_in_a_zip_lead_nowhere()
    {
        var folders = () => Directory.GetFileSystemEntries(_api.Server.Folder.Root, "*", SearchOption.AllDirectories)
            .Concat(Directory.GetFileSystemEntries(Path.GetTempPath(), "escaped*")).Where(path => path.Contains("escaped", StringComparison.Ordinal));
        (await _api.UploadAsync("/workflow-definitions/import-files", ("all.zip", Zip("../../../../tmp/escaped.json", Workflow)))).Dispose();
        (await _api.UploadAsync("/workflow-definitions/import-files", ("../../../../tmp/escaped.json", Encoding.UTF8.GetBytes(Workflow)))).Dispose();
        Assert.Empty(folders());
        Assert.Equal("x", (string?)(await _api.GetAsync("/workflow-definitions/by-definition-id/x"))["definitionId"]);
    }

    [Fact]
    public async Task A_small_zip_that_grows_large_is_refused()
    {
        using var response = await _api.UploadAsync("/workflow-definitions/import-files", ("bomb.zip", Zip("bomb.json", new string(' ', 60 * 1024 * 1024))));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_name_of_an_exported_file_is_no_path_whatever_the_workflow_is_called()
    {
        (await _api.SendAsync(HttpMethod.Post, "/workflow-definitions/import", new
        {
            definitionId = "../../evil",
            name = "../../evil",
            root = new { id = "a", type = "Elsa.WriteLine", version = 1 },
        })).Dispose();
        using var file = await _api.SendAsync(HttpMethod.Get, $"/workflow-definitions/{Uri.EscapeDataString("../../evil")}/export");
        if (file.StatusCode == HttpStatusCode.OK)
            Assert.DoesNotContain('/', file.Content.Headers.ContentDisposition!.FileName!);
        var id = (await _api.GetAsync("/workflow-definitions"))["items"]!.AsArray().Single(item => (string?)item!["name"] == "../../evil")!["id"];
        using var many = await _api.SendAsync(HttpMethod.Post, "/bulk-actions/export/workflow-definitions", new { ids = new[] { (string?)id } });
        await using var zip = new ZipArchive(await many.Content.ReadAsStreamAsync());
        Assert.DoesNotContain("..", Assert.Single(zip.Entries).FullName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        using var response = await _api.SendAsync(HttpMethod.Post, "/workflow-definitions/import", new { name = new string('x', 11 * 1024 * 1024) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task JSON_that_is_nested_without_end_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 10_000)) + "1" + new string('}', 10_000);
        using var response = await _api.Server.SendAsync(
            HttpMethod.Post, "/elsa/api/workflow-definitions/import", new StringContent(deep, Encoding.UTF8, "application/json"), await _api.Server.TokenAsync());
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_form_of_another_page_is_no_way_to_change_anything()
    {
        var cookie = await _api.Server.SignInAsync();
        using var form = new FormUrlEncodedContent([new("versionOptions", "Latest")]);
        using var forged = await _api.Server.SendAsync(HttpMethod.Post, "/elsa/api/workflow-definitions/build-cluster/execute", form, cookie, ("Origin", "http://evil.example"));
        using var plain = await _api.Server.SendAsync(
            HttpMethod.Post, "/elsa/api/workflow-definitions/import", JsonContent.Create(new { name = "x" }), cookie, ("Origin", "http://127.0.0.1:3000"));
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, plain.StatusCode);
    }

    [Fact]
    public async Task The_live_updates_of_a_run_are_not_for_those_who_only_know_its_id()
    {
        using var negotiation = await _api.Server.SendAsync(HttpMethod.Post, "/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1", ("Origin", _api.Server.Address));
        using var socket = await _api.Server.SendAsync(
            HttpMethod.Get, "/elsa/hubs/workflow-instance?id=any", ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Origin", _api.Server.Address));
        Assert.Equal(HttpStatusCode.Unauthorized, negotiation.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, socket.StatusCode);
    }

    private async Task<int> CountAsync(string path) => (int)(await _api.GetAsync(path))["totalCount"]!;

    private static byte[] Zip(string name, string text)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        using (var writer = new StreamWriter(zip.CreateEntry(name).Open()))
            writer.Write(text);
        return memory.ToArray();
    }
}
