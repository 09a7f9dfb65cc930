using VmCluster.EndToEnd.Support;
using VmCluster.Workflows.Execution;

namespace VmCluster.EndToEnd;

/// <summary>The process is killed while it builds; the next <c>up</c> goes on with the same run.</summary>
public sealed class KilledTests : IDisposable
{
    private const string Cluster = "killed";

    private readonly TestHome home = new();
    private readonly HeldProgram qemuImg;
    private readonly VmClusterCli cli;
    private readonly RunHistory history;

    public KilledTests()
    {
        qemuImg = new HeldProgram(Directory.CreateDirectory(Path.Combine(home.Root, "bin")).FullName, "qemu-img");
        cli = new VmClusterCli(home, qemuImg.Folder);
        history = new RunHistory(home.Folder.Database);
    }

    [Fact]
    public async Task A_build_that_is_killed_again_and_again_ends_with_one_cluster_made_once()
    {
        qemuImg.Hold("/fe1/");
        await KillUpWhen("fe1's disk is being made", () => qemuImg.Calls > 0);
        var run = Assert.Single(await history.RunsAsync());

        qemuImg.Hold("/node[12]/");
        await KillUpWhen("both clones are being made", async () => (await history.StartedAsync(run.Id, "VmCluster.CloneNode")) == 2 && qemuImg.Calls > 0);
        qemuImg.Release();

        await KillUpWhen("the nodes boot", () => home.QemuProcesses().Count == 3);
        var booting = home.QemuProcesses();

        await KillUpWhen("SSH is being connected", async () => (await history.StartedAsync(run.Id, "VmCluster.ConnectCluster")) == 1);

        var up = (await cli.RunAsync("up", Cluster)).Expect(0);

        Assert.Contains(run.Id, up.Error, StringComparison.Ordinal);
        var finished = Assert.Single(await history.RunsAsync());
        Assert.Equal((run.Id, WorkflowSubStatus.Finished), (finished.Id, finished.SubStatus));
        // The very machines that were booting when it was killed are the cluster, and there is no other.
        Assert.Equal(booting.Order(), home.Processes("qemu-system-").Keys.Order());
        await history.AssertNothingCompletedRanAgainAsync(run.Id);

        (await cli.RunAsync("destroy", Cluster, "--yes")).Expect(0);
        Assert.Empty(home.Processes());
        Assert.False(Directory.Exists(home.Folder.Cluster(Cluster)));
    }

    public void Dispose()
    {
        qemuImg.Release();
        home.Dispose();
    }

    private Task KillUpWhen(string moment, Func<bool> isReached) => KillUpWhen(moment, () => Task.FromResult(isReached()));

    private async Task KillUpWhen(string moment, Func<Task<bool>> isReached)
    {
        using var up = cli.Start("up", Cluster);
        await Moment.WaitUntilAsync(moment, async () =>
        {
            if (up.HasExited)
                (await up.WaitAsync()).Expect(-1);
            return await isReached();
        });
        up.Signal(Signals.Kill);
        await up.WaitForExitAsync();
    }
}
