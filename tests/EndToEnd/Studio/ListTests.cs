using System.Text.Json.Nodes;
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
        await Studio.OpenListAsync("workflows/definitions");
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
}
