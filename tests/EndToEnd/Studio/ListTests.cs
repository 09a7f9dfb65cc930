using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace VmCluster.EndToEnd.Studio;

/// <summary>The lists of workflows and of runs.</summary>
public sealed class ListTests(StudioFixture studio) : StudioTest(studio)
{
    [StudioFact]
    public async Task The_shipped_workflows_are_on_the_list()
    {
        await Studio.OpenListAsync("workflows/definitions");
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "workflows"), "*.json"))
            await Expect(Studio.Row((string)JsonNode.Parse(await File.ReadAllTextAsync(file))!["name"]!).First).ToBeVisibleAsync();
        await Studio.PictureAsync("workflows");
    }

    [StudioFact]
    public async Task A_workflow_that_was_exported_deleted_and_imported_is_the_same_as_before()
    {
        await Server.ImportAsync("travelling", Workflows.WriteLine("first", "one"), Workflows.WriteLine("second", "two"));
        var before = (await Server.DefinitionAsync("travelling"))["root"]!;
        await Studio.OpenListAsync("workflows/definitions?search=travelling");
        var file = await Studio.Page.RunAndWaitForDownloadAsync(async () =>
        {
            await Studio.ChooseAsync(Studio.Row("travelling"), "Export");
            await Studio.ConfirmAsync("Export");
        });
        var path = Path.Combine(AppContext.BaseDirectory, "travelling.json");
        await file.SaveAsAsync(path);
        await Studio.ChooseAsync(Studio.Row("travelling"), "Delete");
        await Studio.ConfirmAsync("Delete");
        await Expect(Studio.Row("travelling")).ToHaveCountAsync(0);

        await Studio.Page.Locator("input[type=file]").First.SetInputFilesAsync(path);
        await Expect(Studio.Row("travelling")).ToHaveCountAsync(1);
        Assert.True(JsonNode.DeepEquals(before, (await Server.DefinitionAsync("travelling"))["root"]));
    }

    [StudioFact]
    public async Task Several_runs_are_deleted_at_once_and_the_others_stay()
    {
        await Server.ImportAsync("countable", Workflows.WriteLine("line", "text"));
        var runs = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            runs.Add(await Server.RunAsync("countable"));
            await Server.WaitForAsync(runs[^1], "Finished");
        }

        await Studio.OpenListAsync("workflows/instances");
        foreach (var run in runs[..2])
            await Studio.Row(run).Locator("input[type=checkbox]").CheckAsync(new() { Force = true });
        await Studio.Page.GetByRole(AriaRole.Button, new() { Name = "Bulk actions" }).ClickAsync();
        await Studio.ChooseAsync("Delete");
        await Studio.ConfirmAsync("Delete");
        await Expect(Studio.Row(runs[0])).ToHaveCountAsync(0);
        await Expect(Studio.Row(runs[1])).ToHaveCountAsync(0);
        await Expect(Studio.Row(runs[2])).ToHaveCountAsync(1);
    }
    [StudioFact]
    public async Task Several_workflows_are_deleted_at_once_and_the_others_stay()
    {
        foreach (var name in new[] { "obsolete-one", "obsolete-two", "obsolete-but-kept" })
            await Server.ImportAsync(name, Workflows.WriteLine("line", "text"));
        await Studio.OpenListAsync("workflows/definitions?search=obsolete");
        foreach (var name in new[] { "obsolete-one", "obsolete-two" })
            await Studio.Row(name).Locator("input[type=checkbox]").CheckAsync(new() { Force = true });
        await Studio.Page.GetByRole(AriaRole.Button, new() { Name = "Bulk actions" }).ClickAsync();
        await Studio.ChooseAsync("Delete");
        await Studio.ConfirmAsync("Delete");
        await Expect(Studio.Row("obsolete-one")).ToHaveCountAsync(0);
        await Expect(Studio.Row("obsolete-two")).ToHaveCountAsync(0);
        await Expect(Studio.Row("obsolete-but-kept")).ToHaveCountAsync(1);
    }
}
