using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static VmCluster.Host.Tests.Api.TestWorkflows;

namespace VmCluster.Host.Tests.Api;

/// <summary>Runs that go out as files and come in to another installation.</summary>
public sealed class RunTransferTests : IAsyncLifetime
{
    private const string Import = "/bulk-actions/import/workflow-instances";

    private ApiServer _there = null!;
    private ApiServer _here = null!;

    public async Task InitializeAsync()
    {
        _there = await ApiServer.StartAsync();
        _here = await ApiServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _there.DisposeAsync();
        await _here.DisposeAsync();
    }

    [Fact]
    public async Task All_that_Studio_shows_of_a_run_is_the_same_in_the_other_installation()
    {
        var run = await _there.RunAsync(WriteLine("hello", "'Größe — ok'"), WriteLine("count", "variables.Count"), Fault("fail", "no such image"));
        await _there.Runtime.RetryAsync(run.Id, by: "bob");
        await _there.Runtime.WaitUntilAtRestAsync(run.Id);
        await _there.Runtime.CancelAsync(run.Id, "bob");
        await _there.Runtime.WaitUntilAtRestAsync(run.Id);
        Assert.Equal(1, (int)(await ReadAsync(await _here.UploadAsync(Import, ("run.json", await ExportAsync(run.Id)))))["count"]!);

        await SameAsync($"/workflow-instances/{run.Id}");
        await SameAsync($"/workflow-instances/{run.Id}/variables");
        await SameAsync($"/workflow-instances/{run.Id}/execution-state");
        await SameAsync($"/activity-executions/list?workflowInstanceId={run.Id}");
        await SameAsync($"/activity-execution-summaries/list?workflowInstanceId={run.Id}&activityNodeId=Workflow1:all:fail");
        var (before, after) = (await JournalAsync(_there), await JournalAsync(_here));
        Assert.Equal("Imported", (string)after[^1]!["eventName"]!);
        Assert.EndsWith("(script)", (string)after[^1]!["payload"]!["By"]!, StringComparison.Ordinal);
        after.RemoveAt(after.Count - 1);
        Assert.True(JsonNode.DeepEquals(before, after));
        var report = new { workflowInstanceId = run.Id, activityNodeIds = new[] { "Workflow1", "Workflow1:all", "Workflow1:all:hello", "Workflow1:all:fail" } };
        Assert.True(JsonNode.DeepEquals(await _there.PostAsync("/activity-executions/report", report), await _here.PostAsync("/activity-executions/report", report)));
        var version = await _here.GetAsync($"/workflow-definitions/by-id/{run.DefinitionVersionId}");
        Assert.True(JsonNode.DeepEquals((await _there.GetAsync($"/workflow-definitions/by-id/{run.DefinitionVersionId}"))["root"], version["root"]));
        Assert.Equal((false, false), ((bool)version["isLatest"]!, (bool)version["isPublished"]!));
        Assert.Equal(0, (int)(await _here.GetAsync("/workflow-definitions?SearchTerm=greeting"))["totalCount"]!);
        Assert.Empty((await _here.GetAsync($"/api/runs/{run.Id}"))["actions"]!.AsArray());

        async Task SameAsync(string path) => Assert.Equal((await _there.GetAsync(path)).ToJsonString(), (await _here.GetAsync(path)).ToJsonString());

        async Task<JsonArray> JournalAsync(ApiServer server) => (await server.GetAsync($"/workflow-instances/{run.Id}/journal?skip=0&take=1000"))["items"]!.AsArray();
    }

    [Fact]
    public async Task A_file_is_a_download_and_exported_again_it_differs_in_the_row_of_the_import_alone()
    {
        var run = await _there.RunAsync(WriteLine("hello", "'Hello'"));
        using var response = await _there.SendAsync(HttpMethod.Get, $"/workflow-instances/{run.Id}/export");
        Assert.Equal($"attachment; filename=workflow-instance-{run.Id}.json", response.Content.Headers.ContentDisposition!.ToString().Split("; filename*")[0]);
        var before = await ExportAsync(run.Id);
        (await _here.UploadAsync(Import, ("run.json", before))).Dispose();
        using var again = await _here.SendAsync(HttpMethod.Get, $"/workflow-instances/{run.Id}/export");
        var after = JsonNode.Parse(await again.Content.ReadAsStringAsync())!;
        var journal = after["workflowExecutionLogRecords"]!.AsArray();
        journal.RemoveAt(journal.Count - 1);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(before), after));
        Assert.Superset(
            new HashSet<string> { "workflowState", "bookmarks", "activityExecutionRecords", "workflowExecutionLogRecords" },
            after.AsObject().Select(member => member.Key).ToHashSet());
    }

    [Fact]
    public async Task Several_runs_go_out_as_one_zip_and_come_in_as_one()
    {
        var ids = new[] { (await _there.RunAsync(WriteLine("a", "'a'"))).Id, (await _there.RunAsync(WriteLine("b", "'b'"))).Id };
        using var response = await _there.SendAsync(HttpMethod.Post, "/bulk-actions/export/workflow-instances", new { ids });
        var bytes = await response.Content.ReadAsByteArrayAsync();
        using (var zip = new ZipArchive(new MemoryStream(bytes)))
            Assert.Equal(ids.Select(id => $"workflow-instance-{id}.json").Order(), zip.Entries.Select(entry => entry.FullName).Order());

        Assert.Equal(2, (int)(await ReadAsync(await _here.UploadAsync(Import, ("runs.zip", bytes))))["count"]!);
        Assert.Equal(2, (int)(await _here.PostAsync("/workflow-instances", new { }))["totalCount"]!);
        await RefusedAsync(HttpStatusCode.Conflict, $"Run {ids[0]} is here already", ("runs.zip", bytes));
    }

    [Fact]
    public async Task A_run_under_way_is_refused_with_what_to_do_and_leaves_nothing_of_its_upload_behind()
    {
        var good = await ExportAsync((await _there.RunAsync(WriteLine("a", "'a'"))).Id);
        var waiting = await ExportAsync((await _there.RunAsync(Event("wait", "go"))).Id);
        await RefusedAsync(HttpStatusCode.Conflict, "let it finish or cancel it where it is, then export it again", ("good.json", good), ("waiting.json", waiting));
        Assert.Equal(0, (int)(await _here.PostAsync("/workflow-instances", new { }))["totalCount"]!);
    }

    [Fact]
    public async Task What_is_no_exported_run_is_refused_with_a_sentence()
    {
        var good = Encoding.UTF8.GetString(await ExportAsync((await _there.RunAsync(WriteLine("a", "'a'"))).Id));
        var texts = new[]
        {
            "no JSON", "[]", "null", "{}", """{"definitionId":"x","root":{"id":"r","type":"Elsa.Sequence"}}""",
            Without("workflowDefinition"), Without("activityExecutionRecords"),
            good.Replace("\"status\": \"Finished\"", "\"status\": 1", StringComparison.Ordinal),
            good.Replace("\"status\": \"Finished\"", "\"status\": \"Sleeping\"", StringComparison.Ordinal),
            good.Replace("\"sequence\": 1,", "\"sequence\": 1, \"sequence\": 2,", StringComparison.Ordinal),
            good.Replace("\"root\": {", "\"trunk\": {", StringComparison.Ordinal),
            good.Replace("\"payload\": ", "\"payload\": " + string.Concat(Enumerable.Repeat("[", 100)) + string.Concat(Enumerable.Repeat("]", 100)) + ", \"then\": ", StringComparison.Ordinal),
        };
        foreach (var text in texts)
        {
            Assert.NotEqual(good, text);
            var message = await RefusedAsync(HttpStatusCode.BadRequest, "'bad.json' is no exported run", ("good.json", Encoding.UTF8.GetBytes(good)), ("bad.json", Encoding.UTF8.GetBytes(text)));
            Assert.DoesNotContain("VmCluster.", message, StringComparison.Ordinal);
        }

        await RefusedAsync(HttpStatusCode.BadRequest, "'bad.zip' cannot be read", ("bad.zip", "PK no zip"u8.ToArray()));
        await RefusedAsync(HttpStatusCode.BadRequest, "'bad.zip' cannot be read", ("bad.zip", new byte[1000]));
        Assert.Equal(0, (int)(await _here.PostAsync("/workflow-instances", new { }))["totalCount"]!);

        string Without(string member)
        {
            var json = JsonNode.Parse(good)!.AsObject();
            json.Remove(member);
            return json.ToJsonString();
        }
    }

    [Fact]
    public async Task A_small_zip_that_would_fill_the_memory_is_refused_and_paths_in_a_zip_mean_nothing()
    {
        var file = await ExportAsync((await _there.RunAsync(WriteLine("a", "'a'"))).Id);
        await RefusedAsync(HttpStatusCode.BadRequest, "holds more than 50 MiB", ("bomb.zip", Zip("bomb.json", new byte[60 * 1024 * 1024])));
        Assert.Equal(1, (int)(await ReadAsync(await _here.UploadAsync(Import, ("odd.zip", Zip("../../../../evil.json", file)))))["count"]!);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_is_refused()
    {
        using var content = new StringContent("--x\r\nContent-Disposition: form-data; name=files; filename=a.json\r\n\r\n{");
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var response = await _here.Server.SendAsync(HttpMethod.Post, $"/elsa/api{Import}", content, await _here.Server.TokenAsync());
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Types_that_a_file_names_are_made_by_nothing()
    {
        var file = JsonNode.Parse(await ExportAsync((await _there.RunAsync(WriteLine("a", "'a'"))).Id))!;
        var evil = new JsonObject { ["$type"] = "System.IO.FileInfo, System.Private.CoreLib", ["fileName"] = "/etc/passwd" };
        file["variables"]![0]!["value"] = evil.DeepClone();
        file["workflowState"]!["output"]!["Evil"] = evil.DeepClone();
        Assert.Equal(1, (int)(await ReadAsync(await _here.UploadAsync(Import, ("run.json", Encoding.UTF8.GetBytes(file.ToJsonString())))))["count"]!);
        var id = (string)file["workflowInstance"]!["id"]!;
        Assert.True(JsonNode.DeepEquals(evil, (await _here.GetAsync($"/workflow-instances/{id}/variables"))["items"]![0]!["value"]));
        Assert.True(JsonNode.DeepEquals(evil, (await _here.GetAsync($"/workflow-instances/{id}"))["workflowState"]!["output"]!["Evil"]));
    }

    private async Task<byte[]> ExportAsync(string runId)
    {
        using var response = await _there.SendAsync(HttpMethod.Get, $"/workflow-instances/{runId}/export");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync();
    }

    private async Task<string> RefusedAsync(HttpStatusCode status, string reason, params (string Name, byte[] Content)[] files)
    {
        using var response = await _here.UploadAsync(Import, files);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        var errors = string.Join(' ', JsonNode.Parse(text)!["errors"]!["generalErrors"]!.AsArray().Select(error => (string)error!));
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        return errors;
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            return JsonNode.Parse(text)!;
        }
    }

    private static byte[] Zip(string name, byte[] content)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry(name).Open())
            entry.Write(content);
        return memory.ToArray();
    }
}
