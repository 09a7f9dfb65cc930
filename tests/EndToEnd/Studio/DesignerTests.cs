using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace VmCluster.EndToEnd.Studio;

/// <summary>Looking at a workflow and changing it.</summary>
public sealed class DesignerTests(StudioFixture studio) : StudioTest(studio)
{
    [StudioFact]
    public async Task The_designer_shows_every_step_of_the_cluster_build_and_every_connection()
    {
        var root = (await Server.DefinitionAsync("build-cluster"))["root"]!;
        await Studio.OpenEditorAsync("build-cluster");
        foreach (var step in root["activities"]!.AsArray())
            await Expect(Studio.Node((string)step!["metadata"]!["displayText"]!)).ToHaveCountAsync(1);
        await Expect(Studio.Nodes).ToHaveCountAsync(root["activities"]!.AsArray().Count);
        await Expect(Studio.Connections).ToHaveCountAsync(root["connections"]!.AsArray().Count);
        await Studio.PictureAsync("designer");
    }

    [StudioFact]
    public async Task The_palette_offers_the_steps_of_a_cluster()
    {
        await Studio.OpenEditorAsync("destroy-cluster");
        await OpenCategoryAsync("VM Cluster");
        foreach (var step in new[] { "Create node", "Clone node", "Configure network", "Connect cluster" })
            await Expect(PaletteItem(step)).ToBeVisibleAsync();
    }

    [StudioFact]
    public async Task A_changed_input_is_saved_as_a_draft_and_the_published_version_stays()
    {
        await Server.ImportAsync("greeting", Workflows.WriteLine("greet", "Hello"));
        await Studio.OpenEditorAsync("greeting");
        await Studio.Node("greet").ClickAsync();
        var text = Studio.Page.GetByLabel("Text", new() { Exact = true });
        await Expect(text).ToHaveValueAsync("Hello");
        await text.FillAsync("Good evening");
        await text.PressAsync("Tab");
        await Server.WaitForDraftAsync("greeting", draft => Workflows.ValueOf(draft, "greet", "text") == "Good evening");
        Assert.Equal("Hello", Workflows.ValueOf(await Server.DefinitionAsync("greeting", "Published"), "greet", "text"));
    }

    [StudioFact]
    public async Task A_new_step_is_dragged_in_connected_and_published()
    {
        await Server.ImportAsync("growing", Workflows.WriteLine("first", "one"));
        await Studio.OpenEditorAsync("growing");
        await OpenCategoryAsync("Primitives");
        var canvas = Studio.Page.Locator(".x6-graph").First;
        var size = (await canvas.BoundingBoxAsync())!;
        await PaletteItem("Write line").DragToAsync(canvas, new() { TargetPosition = new() { X = size.Width * 0.7f, Y = size.Height * 0.8f } });
        await Expect(Studio.Nodes).ToHaveCountAsync(2);
        await Server.WaitForDraftAsync("growing", draft => draft["root"]!["activities"]!.AsArray().Count == 2);

        // A selected node's handles cover its ports.
        await canvas.ClickAsync(new() { Position = new() { X = 40, Y = 40 } });
        await Studio.ConnectAsync("first", "WriteLine2");
        await Expect(Studio.Connections).ToHaveCountAsync(1);
        await Server.WaitForDraftAsync("growing", draft => draft["root"]!["connections"]!.AsArray().Count == 1);
        await Studio.PublishAsync();

        var published = await Server.DefinitionAsync("growing", "Published");
        var connection = Assert.Single(published["root"]!["connections"]!.AsArray())!;
        Assert.Equal("first", (string?)connection["source"]!["activity"]);
        var added = Assert.Single(published["root"]!["activities"]!.AsArray(), step => (string?)step!["id"] != "first")!;
        Assert.Equal((string?)added["id"], (string?)connection["target"]!["activity"]);
        await Studio.PictureAsync("growing");
    }

    [StudioFact]
    public async Task An_older_version_is_brought_back_from_the_history()
    {
        await Server.ImportAsync("versioned", Workflows.WriteLine("greet", "the first"));
        await Server.ImportAsync("versioned", Workflows.WriteLine("greet", "the second"));
        await Studio.OpenEditorAsync("versioned");
        await Studio.Tab("Version history").ClickAsync();
        var versions = Studio.Page.Locator("tr.mud-table-row:has(td)");
        await Expect(versions).ToHaveCountAsync(2);
        await Studio.ChooseAsync(versions.Nth(1), "Rollback to this version");
        await Expect(versions).ToHaveCountAsync(3);
        Assert.Equal("the first", Workflows.ValueOf(await Server.DefinitionAsync("versioned"), "greet", "text"));
    }

    [StudioFact]
    public async Task Two_browsers_on_one_workflow_both_keep_working_and_the_last_save_is_kept()
    {
        await Server.ImportAsync("shared", Workflows.WriteLine("greet", "Hello"));
        var other = await Studio.AnotherBrowserAsync();
        await Studio.OpenEditorAsync("shared");
        await other.OpenEditorAsync("shared");
        foreach (var (page, text) in new[] { (Studio, "from one"), (other, "from the other") })
        {
            await page.Node("greet").ClickAsync();
            var field = page.Page.GetByLabel("Text", new() { Exact = true });
            await field.FillAsync(text);
            await field.PressAsync("Tab");
            await Server.WaitForDraftAsync("shared", draft => Workflows.ValueOf(draft, "greet", "text") == text);
        }

        await Studio.PublishAsync();
        await other.AssertNoTroubleAsync();
        await other.CloseAsync();
        Assert.Equal(2, (int)(await Server.DefinitionAsync("shared", "Published"))["version"]!);
    }

    private ILocator PaletteItem(string text) => Studio.Page.Locator("[draggable=true]", new() { HasText = text }).First;

    private async Task OpenCategoryAsync(string category)
    {
        await Studio.Page.Locator(".mud-expand-panel-header", new() { HasText = category }).ClickAsync();
        await PaletteItem(category == "VM Cluster" ? "Create node" : "Write line").WaitForAsync();
    }
}
