using System.Text.Json.Nodes;
using static Microsoft.Playwright.Assertions;

namespace VmCluster.EndToEnd.Studio;

/// <summary>The list of workflows, as a new user first sees it.</summary>
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
}
