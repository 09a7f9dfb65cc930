using System.Text.Json;

namespace VmCluster.Host.Tests;

/// <summary>Runs that travel between installations as files, on the command line.</summary>
public sealed class RunFileTests : IDisposable
{
    private readonly InProcessCli _there = new();
    private readonly InProcessCli _here = new();

    [Fact]
    public async Task The_history_of_an_imported_run_is_that_of_the_run_and_says_who_imported_it()
    {
        var run = await RunAsync(InProcessCli.WriteLine("hello", "'Größe'"));
        var folder = Path.Combine(_here.Home.Root, "evidence");
        Assert.Contains(folder, (await _there.RunAsync("runs", "export", run[..9], "--to", folder)).Expect(0).Error, StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(folder));
        Assert.Equal(await File.ReadAllTextAsync(file), (await _there.RunAsync("runs", "export", run)).Expect(0).Output);
        Assert.Contains(run, (await _here.RunAsync("runs", "import", file)).Expect(0).Error, StringComparison.Ordinal);

        var (before, after) = (await HistoryAsync(_there, run), await HistoryAsync(_here, run));
        Assert.Equal(before, after.SkipLast(1));
        Assert.Contains($"\"By\": \"{Environment.UserName}\"", after[^1], StringComparison.Ordinal);
        Assert.Equal((await _there.RunAsync("runs", "--json")).Output, (await _here.RunAsync("runs", "--json")).Output);
        Assert.Contains("is here already", (await _here.RunAsync("runs", "import", file)).Expect(4).Error, StringComparison.Ordinal);
        (await _here.RunAsync("resume", run)).Expect(4);
    }

    [Fact]
    public async Task A_run_that_waits_is_exported_with_a_warning_and_not_imported()
    {
        var run = await RunAsync(InProcessCli.Activity("wait", "Event", ("eventName", "'go'")));
        var exported = (await _there.RunAsync("runs", "export", run)).Expect(0);
        Assert.Contains("has not ended", exported.Error, StringComparison.Ordinal);
        var file = Path.Combine(_here.Home.Root, "run.json");
        await File.WriteAllTextAsync(file, exported.Output);
        Assert.Contains("had not ended", (await _here.RunAsync("runs", "import", file)).Expect(4).Error, StringComparison.Ordinal);
        Assert.Contains("no exported run", (await _here.RunAsync("runs", "import", _here.Workflow())).Expect(2).Error, StringComparison.Ordinal);
        (await _there.RunAsync("runs", "export", "nothing")).Expect(3);
    }

    [Fact]
    public async Task An_imported_build_of_a_cluster_is_no_cluster_here()
    {
        var workflow = _there.Workflow(InProcessCli.WriteLine("hello", "'Hello'"));
        await File.WriteAllTextAsync(workflow, (await File.ReadAllTextAsync(workflow)).Replace("\"Name\", \"type\"", "\"ClusterName\", \"type\"", StringComparison.Ordinal));
        (await _there.RunAsync("run", workflow, "--input", "ClusterName=demo")).Expect(0);
        var run = await LastRunAsync();
        var file = Path.Combine(_here.Home.Root, "run.json");
        await File.WriteAllTextAsync(file, (await _there.RunAsync("runs", "export", run)).Expect(0).Output);
        (await _here.RunAsync("runs", "import", file)).Expect(0);
        Assert.Contains(run, (await _here.RunAsync("runs", "--cluster", "demo")).Expect(0).Output, StringComparison.Ordinal);
        (await _here.RunAsync("status", "demo")).Expect(3);
    }

    [Fact]
    public async Task What_a_file_of_a_stranger_holds_does_not_steer_the_terminal()
    {
        var run = await RunAsync(InProcessCli.WriteLine("hello", "'Hello'"));
        var file = Path.Combine(_here.Home.Root, "run.json");
        var evil = (await _there.RunAsync("runs", "export", run)).Expect(0).Output
            .Replace("\"message\": null", """ "message": "\u001b]0;evil\u0007" """, StringComparison.Ordinal)
            .Replace("\"name\": \"run test-workflow\"", """ "name": "\u001b[2Jevil" """, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, evil);
        foreach (var arguments in new[] { new[] { "runs", "import", file }, ["runs"], ["history", run] })
        {
            var shown = (await _here.RunAsync(arguments)).Expect(0);
            Assert.Contains("evil", shown.Output + shown.Error, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', shown.Output + shown.Error);
        }
    }

    public void Dispose()
    {
        _there.Dispose();
        _here.Dispose();
    }

    private async Task<string> RunAsync(params string[] activities)
    {
        (await _there.RunAsync("run", _there.Workflow(activities))).Expect(0);
        return await LastRunAsync();
    }

    private async Task<string> LastRunAsync() =>
        JsonDocument.Parse((await _there.RunAsync("runs", "--json")).Expect(0).Output).RootElement[0].GetProperty("id").GetString()!;

    private static async Task<List<string>> HistoryAsync(InProcessCli cli, string run) =>
        [.. JsonDocument.Parse((await cli.RunAsync("history", run, "--json")).Expect(0).Output).RootElement.EnumerateArray().Select(row => row.GetRawText())];
}
