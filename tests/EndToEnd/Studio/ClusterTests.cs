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
        await Studio.OpenEditorAsync("build-cluster");
        await Studio.BarButton("Run with inputs …").ClickAsync();
        await Studio.Field("Cluster").FillAsync("designed");
        await Studio.Field("Nodes").FillAsync("2");
        await Studio.PictureAsync("run-with-inputs");
        await Studio.ConfirmRunAsync();
        await Expect(Studio.Badge("Create fe1", "success")).ToBeVisibleAsync(new() { Timeout = Patience });

        await Studio.BarButton("Pause").ClickAsync();
        await Expect(Studio.BarButton("Resume")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Server.RestartAsync(Signals.Interrupt);
        await Studio.BarButton("Resume").ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished", new() { Timeout = Patience });
        await Expect(Studio.Badge("Run a job", "success")).ToBeVisibleAsync();
        Studio.ForgetTroubles();
        await Studio.PictureAsync("cluster-run");
        await ShowAndDestroyAsync("designed");
    }

    [StudioFact]
    public async Task A_cluster_whose_image_does_not_exist_is_corrected_in_the_designer_and_the_same_run_ends_with_it_working()
    {
        var definition = await Server.DefinitionAsync("build-cluster");
        definition["definitionId"] = "my-cluster";
        await Server.ImportAsync((JsonObject)definition);
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

    /// <summary>Writes down in the designer what the plan takes for the image, and publishes it.</summary>
    private async Task PublishImageAsync(string image)
    {
        await Studio.OpenEditorAsync("my-cluster");
        await Studio.Node("Plan the cluster").ClickAsync();
        await Studio.Page.Locator(".mud-input-control", new() { HasText = "A name of the catalogue" }).Locator(".monaco-editor").ClickAsync();
        await Studio.Page.Keyboard.PressAsync("ControlOrMeta+A");

        // The editor adds the closing quote.
        await Studio.Page.Keyboard.TypeAsync("'" + image);
        await Server.WaitForDraftAsync("my-cluster", draft => Workflows.ValueOf(draft, "plan", "image") == $"'{image}'");
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
