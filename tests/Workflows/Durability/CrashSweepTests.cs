using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Durability;

/// <summary>The process dies at every commit of a run with a fork, a join, a loop and an event: each time the next one ends it as if nothing had been.</summary>
public sealed class CrashSweepTests : IDisposable
{
    private static readonly string Workflow = WorkflowJson.Of(
        WorkflowJson.FlowchartOf(
            "chart",
            [
                WorkflowJson.Work("start"),
                WorkflowJson.Work("left"),
                WorkflowJson.Activity("right", "Elsa.ForEach", ("items", """{"expression": {"type": "Object", "value": [1, 2]}, "typeName": "Object"}"""), ("body", WorkflowJson.Work("round"))),
                WorkflowJson.Event("go"),
                WorkflowJson.Activity("count", "Elsa.SetVariable", ("variable", """{"id": "N", "name": "N"}"""), ("value", WorkflowJson.Script("variables.N + 1"))),
                WorkflowJson.Decision("again", "variables.N < 2"),
                WorkflowJson.WriteLine("end", "'Rounds: ' + variables.N"),
            ],
            "start -> left", "start -> right", "left -> go", "right -> go", "go -> count", "count -> again", "again:True -> start", "again:False -> end"),
        variables: """[{"id": "N", "name": "N", "typeName": "Int32", "value": "0"}]""");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CrashPoint.AfterCommit)]
    [InlineData(CrashPoint.BeforeCommit)]
    public async Task A_run_killed_once_at_any_commit_ends_as_one_that_was_not_killed(CrashPoint point)
    {
        var expected = await UndisturbedAsync();
        Assert.Equal("Finished", expected.SubStatus);
        Assert.Equal(["Workflow1", "again", "again", "chart", "count", "count", "end", "go", "go", "left", "left", "right", "right", "round", "round", "round", "round", "start", "start"], expected.Completed);
        Assert.Equal(["Rounds: 2"], expected.Lines);

        for (var k = 1; ; k++)
        {
            if (await LiveAsync($"run-{k}", point, crashAt: k) is { } survived)
            {
                Assert.Equal(expected, survived);
                Assert.True(k > 15, $"The run took only {k} commits.");
                return;
            }

            Assert.Equal(expected, await LiveAsync($"run-{k}", point, crashAt: int.MaxValue));
        }
    }

    [Fact]
    public async Task A_run_killed_after_every_second_commit_still_ends()
    {
        var expected = await UndisturbedAsync();
        for (var lives = 1; lives < 100; lives++)
        {
            // The first commit of a life notes what starts again, the second is progress.
            if (await LiveAsync("often", CrashPoint.AfterCommit, crashAt: 2) is not { } ended)
                continue;

            Assert.Equal(expected, ended);
            Assert.True(lives > 10, $"The run took only {lives} lives.");
            return;
        }

        Assert.Fail("The run does not come to its end.");
    }

    private async Task<RunOutcome> UndisturbedAsync() => (await LiveAsync("undisturbed", CrashPoint.AfterCommit, crashAt: int.MaxValue))!;

    private async Task<RunOutcome?> LiveAsync(string run, CrashPoint point, int crashAt)
    {
        await using var process = new MortalProcess(_folder, point, crashAt);
        return await process.LiveAsync(Workflow, run);
    }
}
