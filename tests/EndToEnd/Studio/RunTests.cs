using Microsoft.Playwright;
using VmCluster.EndToEnd.Support;
using static Microsoft.Playwright.Assertions;

namespace VmCluster.EndToEnd.Studio;

/// <summary>Starting runs, watching them, and going on where they stopped.</summary>
public sealed class RunTests(StudioFixture studio) : StudioTest(studio)
{
    [StudioFact]
    public async Task A_run_started_in_the_designer_is_seen_moving_to_its_end()
    {
        await Server.ImportAsync("paced", Workflows.WriteLine("first", "one"), Workflows.Wait("pause", "go"), Workflows.WriteLine("last", "two"));
        await Studio.OpenEditorAsync("paced");
        await Studio.RunButton.ClickAsync();
        await Studio.Page.WaitForURLAsync("**/view");
        await Expect(Studio.Badge("first", "success")).ToBeVisibleAsync();
        await Expect(Studio.Badge("last", "success")).ToHaveCountAsync(0);
        await SendEventAsync();
        await Expect(Studio.Badge("last", "success")).ToBeVisibleAsync();
        await Expect(Studio.Badge("pause", "success")).ToBeVisibleAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished");
    }

    [StudioFact]
    public async Task A_step_that_fails_is_explained_then_mended_in_the_designer_and_the_same_run_goes_on()
    {
        await Server.ImportAsync("mendable", Workflows.WriteLine("before", "once"), Workflows.Broken("broken"), Workflows.WriteLine("after", "done"));
        var run = await Server.RunAsync("mendable");
        await Server.WaitForAsync(run, "Suspended");
        await Studio.OpenRunAsync(run);
        await Expect(Studio.Badge("broken", "error")).ToBeVisibleAsync();
        await Studio.Tab("Incidents").ClickAsync();
        await Expect(Studio.Page.GetByText("Failed to evaluate activity input 'Text'").First).ToBeVisibleAsync();
        await Expect(Studio.BarButton("Move to latest …")).ToBeDisabledAsync();
        await Studio.PictureAsync("incident");

        await Studio.OpenEditorAsync("mendable");
        await Studio.Node("broken").ClickAsync();
        await Studio.Page.Locator(".monaco-editor").First.ClickAsync();
        await Studio.Page.Keyboard.PressAsync("ControlOrMeta+A");
        await Studio.Page.Keyboard.TypeAsync("40 + 2");
        await Server.WaitForDraftAsync("mendable", draft => Workflows.ValueOf(draft, "broken", "text") == "40 + 2");
        await Studio.PublishAsync();

        await Studio.OpenRunAsync(run);
        await Studio.BarButton("Move to latest …").ClickAsync();
        await Expect(Studio.Dialog).ToContainTextAsync("version 2");
        await Studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Move and continue" }).ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished");
        await Expect(Studio.Badge("after", "success")).ToBeVisibleAsync();
        await Expect(Studio.Badge("broken", "success")).ToBeVisibleAsync();
        await Expect(Studio.Node("broken").Locator("[activity-json*='40 + 2']")).ToBeVisibleAsync();
        await Studio.PictureAsync("mended");

        var stored = await Server.GetAsync($"/elsa/api/workflow-instances/{run}");
        Assert.Equal(2, (int)stored["version"]!);
        var lines = await Server.LinesAsync(run);
        Assert.Equal(["once", "42", "done"], lines);
    }

    [StudioFact]
    public async Task A_failed_step_is_retried_with_another_input()
    {
        await Server.ImportAsync("retried", Workflows.Broken("broken"), Workflows.WriteLine("after", "done"));
        var run = await Server.RunAsync("retried");
        await Server.WaitForAsync(run, "Suspended");
        await Studio.OpenRunAsync(run);
        await Studio.BarButton("Retry …").ClickAsync();
        await Studio.Field("Text").FillAsync("by hand");
        await Studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished");
        Assert.Equal(["by hand", "done"], await Server.LinesAsync(run));
    }

    [StudioFact]
    public async Task A_failed_step_is_skipped_and_the_run_goes_on_behind_it()
    {
        await Server.ImportAsync("skipped", Workflows.Broken("broken"), Workflows.WriteLine("after", "done"));
        var run = await Server.RunAsync("skipped");
        await Server.WaitForAsync(run, "Suspended");
        await Studio.OpenRunAsync(run);
        await Studio.BarButton("Skip …").ClickAsync();
        await Studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Skip" }).ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished");
        Assert.Equal(["done"], await Server.LinesAsync(run));
    }

    [StudioFact]
    public async Task A_paused_run_takes_an_event_and_goes_on_when_it_is_resumed()
    {
        await Server.ImportAsync("paused", Workflows.Wait("pause", "go"), Workflows.WriteLine("after", "done"));
        var run = await Server.RunAsync("paused");
        await Studio.OpenRunAsync(run);
        await Studio.BarButton("Pause").ClickAsync();
        await Expect(Studio.BarButton("Resume")).ToBeVisibleAsync();
        await SendEventAsync();
        await Expect(Studio.BarButton("Send event …")).ToHaveCountAsync(0);
        Assert.Empty(await Server.LinesAsync(run));
        await Studio.BarButton("Resume").ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished");
        Assert.Equal(["done"], await Server.LinesAsync(run));
    }

    [StudioFact]
    public async Task A_run_is_cancelled_only_after_a_question()
    {
        await Server.ImportAsync("endless", Workflows.Wait("wait", "never"));
        var run = await Server.RunAsync("endless");
        await Server.WaitForAsync(run, "Suspended");
        await Studio.OpenRunAsync(run);
        await Studio.BarButton("Cancel …").ClickAsync();
        await Studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Suspended");
        await Studio.BarButton("Cancel …").ClickAsync();
        await Studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel the run" }).ClickAsync();
        await Expect(Studio.State).ToHaveTextAsync("Cancelled");
        foreach (var action in new[] { "Pause", "Retry …", "Skip …", "Cancel …" })
            await Expect(Studio.BarButton(action)).ToBeDisabledAsync();
    }

    [StudioFact]
    public async Task A_workflow_is_started_with_inputs_of_ones_own()
    {
        var definition = Workflows.Chain("asking", Workflows.Script("greet", "getInput('Name') + ' has ' + (getInput('Nodes') + 1)"));
        definition["inputs"] = Workflows.Inputs(("Name", "String", "nobody"), ("Nodes", "Int32", "3"));
        await Server.ImportAsync(definition);
        await Studio.OpenEditorAsync("asking");
        await Studio.Node("greet").WaitForAsync();
        await Studio.BarButton("Run with inputs …").ClickAsync();
        await Expect(Studio.Field("Nodes")).ToHaveValueAsync("3");
        await Studio.Field("Name").FillAsync("Ada");
        await Studio.PictureAsync("inputs");
        var run = await Studio.ConfirmRunAsync();
        await Expect(Studio.State).ToHaveTextAsync("Finished");
        Assert.Equal(["Ada has 4"], await Server.LinesAsync(run));
    }

    [StudioFact]
    public async Task An_open_page_recovers_when_the_server_is_restarted_and_the_run_goes_on()
    {
        await Server.ImportAsync("surviving", Workflows.Delay("pause", "00:00:20"), Workflows.WriteLine("after", "done"));
        var run = await Server.RunAsync("surviving");
        await Studio.OpenRunAsync(run);
        await Server.RestartAsync(Signals.Kill);
        await Expect(Studio.State).ToHaveTextAsync("Finished");
        await Expect(Studio.Badge("after", "success")).ToBeVisibleAsync();
        Studio.ForgetTroubles();
        Assert.Equal(["done"], await Server.LinesAsync(run));
    }
    private async Task SendEventAsync()
    {
        await Studio.BarButton("Send event …").ClickAsync();
        await Expect(Studio.Field("Event")).ToHaveValueAsync("go");
        await Studio.PictureAsync("event");
        await Studio.Dialog.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
    }
}
