using System.Text.Json;
using VmCluster.EndToEnd.Support;

namespace VmCluster.Host.Tests;

/// <summary>Any workflow, from a file: started, waiting, failing, going on.</summary>
public sealed class RunTests : IDisposable
{
    private readonly InProcessCli cli = new();

    [Fact]
    public async Task A_workflow_prints_the_lines_it_wrote_then_its_end_and_its_journal()
    {
        var workflow = cli.Workflow(InProcessCli.WriteLine("greet", "'Hello ' + getInput('Name')"), InProcessCli.WriteLine("bye", "'Bye'"));
        var result = (await cli.RunAsync("run", workflow, "--input", "Name=World")).Expect(0);
        var lines = result.Output.Split('\n');
        Assert.Equal(["Hello World", "Bye", ""], lines[..3]);
        Assert.Matches(@"^run \S+: Finished after ", lines[3]);
        Assert.Contains(lines, line => line.Contains("Completed", StringComparison.Ordinal) && line.Contains("bye", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_goes_to_the_error_stream_as_plain_lines_when_it_is_no_terminal()
    {
        var result = (await cli.RunAsync("run", cli.Workflow(InProcessCli.WriteLine("greet", "'Hello'")))).Expect(0);
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Matches(@"^\d\d:\d\d:\d\d run      run test-workflow, run \S+$", lines[0]);
        Assert.Matches(@"^\d\d:\d\d:\d\d started  greet$", lines[1]);
        Assert.Matches(@"^\d\d:\d\d:\d\d done     greet \(0\.\d s\)$", lines[2]);
        Assert.Equal(3, lines.Length);
        Assert.DoesNotContain('\e', result.Error);
    }

    [Fact]
    public async Task As_JSON_there_is_one_document_with_run_lines_and_journal()
    {
        var result = (await cli.RunAsync("run", cli.Workflow(InProcessCli.WriteLine("greet", "'Hello'")), "--json")).Expect(0);
        var json = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal("Finished", json.GetProperty("run").GetProperty("subStatus").GetString());
        Assert.Equal("Hello", json.GetProperty("lines")[0].GetString());
        Assert.Equal("Started", json.GetProperty("journal")[0].GetProperty("eventName").GetString());

        var runs = JsonDocument.Parse((await cli.RunAsync("runs", "--json")).Expect(0).Output).RootElement;
        var id = Assert.Single(runs.EnumerateArray()).GetProperty("id").GetString()!;
        var history = JsonDocument.Parse((await cli.RunAsync("history", id[..6], "--json")).Expect(0).Output).RootElement;
        Assert.Equal(json.GetProperty("journal").GetArrayLength(), history.GetArrayLength());
    }

    [Fact]
    public async Task A_run_that_waits_for_an_event_says_which_and_goes_on_when_it_comes()
    {
        var workflow = cli.Workflow(InProcessCli.Activity("wait", "Event", ("eventName", "'approved'")), InProcessCli.WriteLine("after", "'went on'"));
        var waiting = (await cli.RunAsync("run", workflow)).Expect(0);
        var run = await OnlyRunAsync();
        Assert.Contains($"vmcluster event {run} approved", waiting.Error, StringComparison.Ordinal);

        Assert.Contains("does not wait for an event 'other'", (await cli.RunAsync("event", run, "other")).Expect(4).Error, StringComparison.Ordinal);
        var ended = (await cli.RunAsync("event", run, "approved", "--payload", "{\"by\":\"me\"}")).Expect(0);
        Assert.StartsWith("went on\n", ended.Output, StringComparison.Ordinal);
        (await cli.RunAsync("event", run, "approved")).Expect(4);
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_run_suspended_and_says_how_to_go_on()
    {
        var workflow = cli.Workflow(InProcessCli.Activity("break", "Fault", ("message", "'The disk is full'")), InProcessCli.WriteLine("after", "'never'"));
        var failed = (await cli.RunAsync("run", workflow)).Expect(6);
        var run = await OnlyRunAsync();
        Assert.Contains("failed: The disk is full", failed.Error, StringComparison.Ordinal);
        Assert.Contains($"vmcluster retry {run}", failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("never", failed.Output, StringComparison.Ordinal);

        (await cli.RunAsync("retry", run)).Expect(6);
        var history = JsonDocument.Parse((await cli.RunAsync("history", run, "--json")).Expect(0).Output).RootElement;
        Assert.Equal(2, history.EnumerateArray().Count(row => row.GetProperty("eventName").GetString() == "Faulted"));

        (await cli.RunAsync("cancel", run)).Expect(0);
        (await cli.RunAsync("retry", run)).Expect(4);
        (await cli.RunAsync("resume", run)).Expect(4);
    }

    [Fact]
    public async Task An_input_that_the_workflow_does_not_have_is_refused_before_anything_runs()
    {
        var result = (await cli.RunAsync("run", cli.Workflow(), "--input", "Nmae=World")).Expect(2);
        Assert.Contains("has no input 'Nmae'. It has: Name.", result.Error, StringComparison.Ordinal);
        Assert.Equal("[]", (await cli.RunAsync("runs", "--json")).Output.Trim());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_terminal_progress_is_a_tree_and_NO_COLOR_takes_its_colours_away(bool noColor)
    {
        var workflow = cli.Workflow(InProcessCli.WriteLine("greet", "'Hello'"));
        var result = (await cli.RunAsync(["run", workflow], outside => outside with { ErrorIsTerminal = true, OutIsTerminal = true, NoColor = noColor })).Expect(0);
        Assert.Contains("✓", result.Error, StringComparison.Ordinal);
        Assert.Contains("greet", result.Error, StringComparison.Ordinal);
        Assert.Equal(!noColor, result.Error.Contains("\e[32m", StringComparison.Ordinal));
        Assert.Equal(!noColor, result.Output.Contains("\e[32m", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ctrl_C_interrupts_a_run_and_resume_continues_it()
    {
        var workflow = cli.Workflow(InProcessCli.WriteLine("before", "'before'"), InProcessCli.Activity("wait", "Delay", ("timeSpan", "'00:00:15'")), InProcessCli.WriteLine("after", "'after'"));
        var real = new VmClusterCli(cli.Home);
        using var running = real.Start("run", workflow);
        await cli.WaitUntilStartedAsync("Elsa.Delay", running);
        running.Signal(Signals.Interrupt);
        var interrupted = (await running.WaitAsync()).Expect(130);
        var run = await OnlyRunAsync();
        Assert.Contains($"vmcluster resume {run}", interrupted.Error, StringComparison.Ordinal);
        Assert.StartsWith("before\n", interrupted.Output, StringComparison.Ordinal);

        var resumed = (await real.RunAsync("resume", run)).Expect(0);
        Assert.StartsWith("after\n", resumed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_with_a_pattern_that_never_ends_is_stopped()
    {
        var workflow = cli.Workflow(InProcessCli.WriteLine("match", "/^(a+)+$/.test(new Array(60).join('a') + '!')"));
        var result = (await new VmClusterCli(cli.Home).RunAsync("run", workflow)).Expect(6);
        Assert.Contains("match", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => cli.Dispose();

    private async Task<string> OnlyRunAsync() =>
        Assert.Single(JsonDocument.Parse((await cli.RunAsync("runs", "--json")).Expect(0).Output).RootElement.EnumerateArray()).GetProperty("id").GetString()!;
}
