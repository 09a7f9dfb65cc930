using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace VmCluster.EndToEnd.Studio;

/// <summary>What the list of runs does to them.</summary>
public sealed class RunListTests(StudioFixture studio) : StudioTest(studio)
{
    [StudioFact]
    public async Task A_run_of_another_installation_is_imported_and_looked_at()
    {
        await Server.ImportAsync("reported", Workflows.WriteLine("first", "one"), Workflows.Broken("broken"), Workflows.WriteLine("last", "two"));
        var run = await Server.RunAsync("reported");
        await Server.WaitForAsync(run, "Suspended");
        await Server.PostAsync($"/api/runs/{run}/cancel", new JsonObject());
        await Studio.OpenRunAsync(run);
        var download = await Studio.Page.RunAndWaitForDownloadAsync(() => Studio.Page.Locator(".vm-bar").GetByText("Export").ClickAsync());
        var file = await AsOfElsewhereAsync(await download.PathAsync(), run, "reported");

        await Studio.OpenListAsync("workflows/instances");
        await Studio.AssertSaysAsync("Successfully imported", () => ImportAsync(file.Path));
        await Expect(Studio.Row(file.Run)).ToHaveCountAsync(1);
        await Studio.ChooseAsync(Studio.Row(file.Run), "View");
        await Studio.Page.WaitForURLAsync($"**/{file.Run}/view");
        await Expect(Studio.State).ToHaveTextAsync("Cancelled");
        await Expect(Studio.Badge("first", "success")).ToBeVisibleAsync();
        await Studio.Tab("Incidents").ClickAsync();
        await Expect(Studio.Page.GetByText("Failed to evaluate activity input 'Text'").First).ToBeVisibleAsync();
        foreach (var action in new[] { "Pause", "Retry …", "Skip …", "Move to latest …", "Cancel …" })
            await Expect(Studio.BarButton(action)).ToBeDisabledAsync();
        await Studio.PictureAsync("imported-run");
    }

    [StudioFact]
    public async Task A_run_that_is_here_already_is_not_imported_and_the_page_says_so()
    {
        await Server.ImportAsync("twice", Workflows.WriteLine("first", "one"));
        var run = await Server.RunAsync("twice");
        await Server.WaitForAsync(run, "Finished");
        var path = await SaveAsync(run, await ExportAsync(run));
        await Studio.OpenListAsync("workflows/instances");
        await ImportAsync(path);
        await Expect(Studio.Page.Locator("#notice")).ToContainTextAsync($"Run {run} is here already");

        // The browser itself writes the answer to its console; Studio must have gone on.
        Studio.ForgetTroubles();
        await Studio.ChooseAsync(Studio.Row(run), "View");
        await Studio.Page.WaitForURLAsync($"**/{run}/view");
        await Expect(Studio.State).ToHaveTextAsync("Finished");
    }

    [StudioFact]
    public async Task A_run_is_cancelled_from_the_list_and_the_others_go_on()
    {
        var runs = await StartWaitingAsync("cancellable", 2);
        await Studio.OpenListAsync("workflows/instances");
        await Studio.ChooseAsync(Studio.Row(runs[0]), "Cancel");
        await Studio.ConfirmAsync("Yes");
        await Server.WaitForAsync(runs[0], "Cancelled");
        await Expect(Studio.Row(runs[0])).ToContainTextAsync("Cancelled");
        await Expect(Studio.Row(runs[1])).ToContainTextAsync("Suspended");
    }

    [StudioFact]
    public async Task Several_runs_are_cancelled_at_once_and_the_others_go_on()
    {
        var runs = await StartWaitingAsync("stoppable", 3);
        await Studio.OpenListAsync("workflows/instances");
        foreach (var run in runs[..2])
            await Studio.Row(run).Locator("input[type=checkbox]").CheckAsync(new() { Force = true });
        await Studio.Page.GetByRole(AriaRole.Button, new() { Name = "Bulk actions" }).ClickAsync();
        await Studio.ChooseAsync("Cancel");
        await Studio.ConfirmAsync("Yes");
        foreach (var run in runs[..2])
            await Expect(Studio.Row(run)).ToContainTextAsync("Cancelled");
        await Expect(Studio.Row(runs[2])).ToContainTextAsync("Suspended");
    }

    private Task ImportAsync(string path) => Studio.Page.Locator("input[type=file]").First.SetInputFilesAsync(path);

    private async Task<List<string>> StartWaitingAsync(string id, int count)
    {
        await Server.ImportAsync(id, Workflows.Wait("wait", "never"));
        var runs = new List<string>();
        for (var i = 0; i < count; i++)
        {
            runs.Add(await Server.RunAsync(id));
            await Server.WaitForAsync(runs[^1], "Suspended");
        }

        return runs;
    }

    /// <summary>A run's file as if the run, and its workflow, were of another installation. It is larger than what fits in one piece of an upload.</summary>
    private static async Task<(string Run, string Path)> AsOfElsewhereAsync(string path, string run, string workflow)
    {
        var elsewhere = "x" + run[1..];
        var text = await File.ReadAllTextAsync(path);
        var file = JsonNode.Parse(text.Replace(run, elsewhere, StringComparison.Ordinal).Replace(workflow, "elsewhere", StringComparison.Ordinal))!;
        file["workflowState"]!["output"]!["Report"] = new string('x', 2_000_000);
        return (elsewhere, await SaveAsync(elsewhere, file));
    }

    private Task<JsonNode> ExportAsync(string run) => Server.GetAsync($"/elsa/api/workflow-instances/{run}/export");

    private static async Task<string> SaveAsync(string run, JsonNode file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{run}.json");
        await File.WriteAllTextAsync(path, file.ToJsonString());
        return path;
    }
}
