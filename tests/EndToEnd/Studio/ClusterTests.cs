using System.Text.Json.Nodes;
using Microsoft.Playwright;
using VmCluster.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace VmCluster.EndToEnd.Studio;

/// <summary>What it is all for, as a new user tries it. It boots real machines and takes minutes.</summary>
public sealed class ClusterTests(StudioFixture studio) : StudioTest(studio)
{
    private const int Patience = 10 * 60 * 1000;

    [StudioFact]
    public async Task A_cluster_is_built_from_the_designer_paused_over_a_restart_shown_and_destroyed()
    {
        await CopyAsync("designed");
        await OpenPlanAsync("designed");
        await WriteAsync("designed", "nodeCount", "How many nodes", "2");
        await WriteAsync("designed", "memoryMiB", "Memory of each node", "448");
        await Studio.PublishAsync();
        await Studio.RunButton.ClickAsync();
        await Studio.Page.WaitForURLAsync("**/view");
        var run = Studio.ShownRun;
        await Expect(Studio.Badge("Create fe1", "success")).ToBeVisibleAsync(new() { Timeout = Patience });

        await Studio.BarButton("Pause").ClickAsync();
        await Expect(Studio.BarButton("Resume")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Server.RestartAsync(Signals.Interrupt);
        await Studio.BarButton("Resume").ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished", new() { Timeout = Patience });
        await Expect(Studio.Badge("Run a job", "success")).ToBeVisibleAsync();
        Studio.ForgetTroubles();
        await Studio.PictureAsync("cluster-run");

        // Lower rows are drawn when those above them are.
        await Studio.Page.GetByText("Plan cluster - Command").First.ClickAsync();
        await Studio.Page.GetByText("Create node - Command").First.ClickAsync();
        await Studio.Tab("Event").ClickAsync();
        await Expect(Studio.Page.GetByRole(AriaRole.Row, new() { Name = "Command", Exact = true })).ToContainTextAsync("/clusters/demo/fe1/");
        await Expect(Studio.Page.GetByRole(AriaRole.Row, new() { Name = "ExitCode", Exact = true })).ToContainTextAsync("0");
        await Studio.PictureAsync("command");
        Assert.Contains("-m 448", (await Server.GetAsync($"/elsa/api/workflow-instances/{run}/journal?skip=0&take=1000")).ToJsonString(), StringComparison.Ordinal);
        await ShowAndDestroyAsync("demo");
    }

    [StudioFact]
    public async Task A_cluster_whose_image_does_not_exist_is_corrected_in_the_designer_and_the_same_run_ends_with_it_working()
    {
        await CopyAsync("my-cluster");
        await PublishImageAsync("debain-12");
        await Studio.BarButton("Run with inputs …").ClickAsync();
        await Studio.Field("Cluster").FillAsync("corrected");
        await Studio.Field("Nodes").FillAsync("2");
        var run = await Studio.ConfirmRunAsync();
        await Expect(Studio.State).ToHaveTextAsync("Suspended", new() { Timeout = Patience });
        await Studio.Tab("Incidents").ClickAsync();
        await Expect(Studio.Page.GetByText("There is no image 'debain-12'. Known are debian-12").First).ToBeVisibleAsync();
        await Studio.PictureAsync("wrong-image");

        await PublishImageAsync("debian-12");
        await Studio.OpenRunAsync(run);
        await Studio.BarButton("Move to latest …").ClickAsync();
        await Studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Move and continue" }).ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished", new() { Timeout = Patience });
        await Studio.PictureAsync("right-image");

        string[] telling = ["Faulted", "Migrated", "Retried"];
        var journal = (await Server.GetAsync($"/elsa/api/workflow-instances/{run}/journal?skip=0&take=1000"))["items"]!.AsArray();
        var story = journal.Where(entry => telling.Contains((string?)entry!["eventName"])).ToList();
        Assert.Equal(telling, story.Select(entry => (string?)entry!["eventName"]));
        Assert.All(story.Skip(1), entry => Assert.NotEmpty((string)entry!["payload"]!["By"]!));
        await ShowAndDestroyAsync("corrected");
    }

    /// <summary>Stores the shipped workflow under another id, so that the tests do not share it.</summary>
    private async Task CopyAsync(string definitionId)
    {
        var definition = await Server.DefinitionAsync("build-cluster");
        definition["definitionId"] = definitionId;
        await Server.ImportAsync((JsonObject)definition);
    }

    private async Task OpenPlanAsync(string definitionId)
    {
        await Studio.OpenEditorAsync(definitionId);
        await Studio.Node("Plan the cluster").ClickAsync();
    }

    /// <summary>Writes down in the designer what the plan takes for an input, which is found by its description.</summary>
    private async Task WriteAsync(string definitionId, string input, string description, string script)
    {
        await Studio.Page.Locator(".mud-input-control", new() { HasText = description }).Locator(".monaco-editor").ClickAsync();
        await Studio.Page.Keyboard.PressAsync("ControlOrMeta+A");
        await Studio.Page.Keyboard.TypeAsync(script);

        // The editor adds the closing quote.
        await Server.WaitForDraftAsync(definitionId, draft => Workflows.ValueOf(draft, "plan", input) == (script[0] == '\'' ? script + "'" : script));
    }

    private async Task PublishImageAsync(string image)
    {
        await OpenPlanAsync("my-cluster");
        await WriteAsync("my-cluster", "image", "A name of the catalogue", "'" + image);
        await Studio.PublishAsync();
    }

    /// <summary>Looks at the page of clusters, on which there is one, and destroys it from there.</summary>
    private async Task ShowAndDestroyAsync(string cluster)
    {
        await Studio.OpenAsync("clusters");
        await Expect(Studio.Page.Locator(".vm-card > header .vm-chip")).ToHaveTextAsync("running");
        await Expect(Studio.Page.Locator(".vm-card tbody tr")).ToHaveCountAsync(2);
        await Studio.PictureAsync("clusters");

        await Studio.Page.GetByRole(AriaRole.Button, new() { Name = "Destroy …" }).ClickAsync();
        await Expect(Studio.Field("Cluster")).ToHaveValueAsync(cluster);
        await Studio.ConfirmRunAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished", new() { Timeout = Patience });
        await Studio.OpenAsync("clusters");
        await Expect(Studio.Page.GetByText("There is no cluster yet.")).ToBeVisibleAsync();
    }
}
