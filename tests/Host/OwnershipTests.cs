using System.Globalization;
using VmCluster.EndToEnd.Support;

namespace VmCluster.Host.Tests;

/// <summary>One command at a time changes a data folder; the others can look.</summary>
public sealed class OwnershipTests : IDisposable
{
    private readonly InProcessCli cli = new();

    [Theory]
    [InlineData("up")]
    [InlineData("add-node", "demo")]
    [InlineData("destroy", "demo", "--yes")]
    [InlineData("run", "build-cluster")]
    [InlineData("resume", "x")]
    public async Task The_second_command_that_changes_something_is_refused_and_told_who_is_at_work(params string[] arguments)
    {
        using var owner = cli.TakeOwnership();
        var result = (await cli.RunAsync(arguments)).Expect(4);
        Assert.Contains($"process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}: vmcluster up other", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("runs")]
    public async Task Commands_that_only_look_work_meanwhile(string command)
    {
        using var owner = cli.TakeOwnership();
        (await cli.RunAsync(command)).Expect(0);
    }

    [Fact]
    public async Task A_process_that_was_killed_no_longer_owns_the_folder()
    {
        var workflow = cli.Workflow(InProcessCli.Activity("wait", "Delay", ("timeSpan", "'01:00:00'")));
        var real = new VmClusterCli(cli.Home);
        using (var owner = real.Start("run", workflow))
        {
            await cli.WaitUntilStartedAsync("Elsa.Delay", owner);
            (await cli.RunAsync("run", workflow)).Expect(4);
            owner.Signal(Signals.Kill);
            await owner.WaitForExitAsync();
        }

        (await cli.RunAsync("run", cli.Workflow(InProcessCli.WriteLine("hello", "'hello'")))).Expect(0);
    }

    public void Dispose() => cli.Dispose();
}
