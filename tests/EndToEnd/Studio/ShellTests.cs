using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace VmCluster.EndToEnd.Studio;

/// <summary>The page around Studio.</summary>
public sealed class ShellTests(StudioFixture studio) : StudioTest(studio)
{
    [StudioFact]
    public async Task The_header_leads_to_workflows_runs_and_clusters_without_loading_the_page_anew()
    {
        await Studio.OpenListAsync("workflows/definitions");
        await Studio.Page.EvaluateAsync("() => { window.isSamePage = true; }");
        await Studio.Page.GetByRole(AriaRole.Link, new() { Name = "Clusters" }).ClickAsync();
        await Expect(Studio.Page.GetByText("There is no cluster yet.")).ToBeVisibleAsync();
        await Studio.Page.GetByRole(AriaRole.Link, new() { Name = "Runs" }).ClickAsync();
        await Expect(Studio.Page.GetByText("Workflow instances")).ToBeVisibleAsync();
        await Studio.Page.GetByRole(AriaRole.Link, new() { Name = "Workflows" }).ClickAsync();
        await Expect(Studio.Row("Build a cluster").First).ToBeVisibleAsync();
        await Studio.Page.GoBackAsync();
        await Expect(Studio.Page.GetByText("Workflow instances")).ToBeVisibleAsync();
        Assert.True(await Studio.Page.EvaluateAsync<bool>("window.isSamePage"));
    }

    [StudioFact]
    public async Task A_link_to_a_workflow_that_is_gone_says_so()
    {
        await Studio.OpenAsync("workflows/definitions/no-such/edit");
        await Expect(Studio.Page.Locator(".vm-page [role=alert]")).ToContainTextAsync("no-such");
        Studio.ForgetTroubles();
    }

    [StudioFact]
    public async Task A_page_that_is_reloaded_shows_the_same_again()
    {
        await Studio.OpenEditorAsync("destroy-cluster");
        await Studio.Page.ReloadAsync();
        await Expect(Studio.Node("Destroy the cluster")).ToBeVisibleAsync();
    }
}
