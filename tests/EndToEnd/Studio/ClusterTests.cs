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
        await Studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Run" }).ClickAsync();
        await Expect(Studio.Badge("Create fe1", "success")).ToBeVisibleAsync(new() { Timeout = Patience });

        await Studio.BarButton("Pause").ClickAsync();
        await Expect(Studio.BarButton("Resume")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Server.RestartAsync(Signals.Interrupt);
        await Studio.BarButton("Resume").ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished", new() { Timeout = Patience });
        await Expect(Studio.Badge("Run a job", "success")).ToBeVisibleAsync();
        Studio.ForgetTroubles();
        await Studio.PictureAsync("cluster-run");

        await Studio.OpenAsync("clusters");
        await Expect(Studio.Page.Locator(".vm-card > header .vm-chip")).ToHaveTextAsync("running");
        await Expect(Studio.Page.Locator(".vm-card tbody tr")).ToHaveCountAsync(2);
        await Studio.PictureAsync("clusters");

        await Studio.Page.GetByRole(AriaRole.Button, new() { Name = "Destroy …" }).ClickAsync();
        await Expect(Studio.Field("Cluster")).ToHaveValueAsync("designed");
        await Studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Run" }).ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished", new() { Timeout = Patience });
        await Studio.OpenAsync("clusters");
        await Expect(Studio.Page.GetByText("There is no cluster yet.")).ToBeVisibleAsync();
    }
}
