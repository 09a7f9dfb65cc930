using System.Text.Json;

namespace VmCluster.Host.Tests;

/// <summary>A run that stands still is held, mended and sent on its way.</summary>
public sealed class RunVerbTests : IDisposable
{
    private readonly InProcessCli cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task A_paused_run_keeps_an_event_until_it_is_resumed()
    {
        var run = await StartAsync(0, InProcessCli.Activity("wait", "Event", ("eventName", "'go'")), InProcessCli.WriteLine("after", "'went on'"));
        Assert.Contains($"vmcluster resume {run}", (await cli.RunAsync("pause", run)).Expect(0).Error, StringComparison.Ordinal);
        Assert.Contains("Paused", (await cli.RunAsync("runs")).Expect(0).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("went on", (await cli.RunAsync("event", run, "go")).Expect(0).Output, StringComparison.Ordinal);
        Assert.StartsWith("went on\n", (await cli.RunAsync("resume", run)).Expect(0).Output, StringComparison.Ordinal);
        (await cli.RunAsync("pause", run)).Expect(4);
    }

    [Fact]
    public async Task A_failed_step_is_retried_with_other_inputs()
    {
        var run = await StartAsync(6, InProcessCli.WriteLine("line", "oops("), InProcessCli.WriteLine("after", "'after'"));
        Assert.Contains("It has: Text.", (await cli.RunAsync("retry", run, "--input", "Txet=x")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("Failed: line.", (await cli.RunAsync("retry", run, "--step", "after")).Expect(4).Error, StringComparison.Ordinal);
        Assert.StartsWith("mended\nafter\n", (await cli.RunAsync("retry", run, "--step", "line", "--input", "Text=mended")).Expect(0).Output, StringComparison.Ordinal);
        var history = JsonDocument.Parse((await cli.RunAsync("history", run, "--json")).Expect(0).Output).RootElement;
        var retried = Assert.Single(history.EnumerateArray(), row => row.GetProperty("eventName").GetString() == "Retried").GetProperty("payload");
        Assert.Equal((Environment.UserName, "mended"), (retried.GetProperty("By").GetString(), retried.GetProperty("Inputs").GetProperty("Text").GetString()));
    }

    [Fact]
    public async Task A_failed_step_is_skipped()
    {
        var run = await StartAsync(6, InProcessCli.Activity("break", "Fault", ("message", "'broken'")), InProcessCli.WriteLine("after", "'after'"));
        Assert.Contains("It has: Done.", (await cli.RunAsync("skip", run, "--outcome", "Nowhere")).Expect(2).Error, StringComparison.Ordinal);
        Assert.StartsWith("after\n", (await cli.RunAsync("skip", run, "break")).Expect(0).Output, StringComparison.Ordinal);
        (await cli.RunAsync("skip", run)).Expect(4);
    }

    [Fact]
    public async Task A_run_is_moved_to_the_corrected_workflow_and_goes_on_from_the_failed_step()
    {
        var run = await StartAsync(6, InProcessCli.WriteLine("first", "'first'"), InProcessCli.WriteLine("second", "oops("));
        (await cli.RunAsync("migrate", run)).Expect(4);
        (await cli.RunAsync("run", cli.Workflow(InProcessCli.WriteLine("first", "'first'"), InProcessCli.WriteLine("second", "'mended'")))).Expect(0);
        var moved = (await cli.RunAsync("migrate", run)).Expect(0);
        Assert.StartsWith("mended\n", moved.Output, StringComparison.Ordinal);
        Assert.Contains("is on version 2", moved.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_is_not_moved_to_a_workflow_that_what_it_has_done_does_not_fit()
    {
        var run = await StartAsync(6, InProcessCli.WriteLine("first", "'first'"), InProcessCli.WriteLine("second", "oops("));
        (await cli.RunAsync("run", cli.Workflow(InProcessCli.WriteLine("second", "'mended'")))).Expect(0);
        Assert.Contains("'first' has run, and is not there any more", (await cli.RunAsync("migrate", run, "--to", "2")).Expect(4).Error, StringComparison.Ordinal);
        (await cli.RunAsync("migrate", run, "--to", "7")).Expect(3);
    }

    private async Task<string> StartAsync(int exitCode, params string[] activities)
    {
        (await cli.RunAsync("run", cli.Workflow(activities))).Expect(exitCode);
        return Assert.Single(JsonDocument.Parse((await cli.RunAsync("runs", "--json")).Expect(0).Output).RootElement.EnumerateArray()).GetProperty("id").GetString()!;
    }
}
