using System.Text.Json;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Runs;

/// <summary>What happens at the same time.</summary>
public sealed class ConcurrencyTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Engine _engine;

    public ConcurrencyTests() => _engine = new Engine(_folder);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Branches_run_side_by_side()
    {
        _engine.Workshop.Hold("left").Hold("right");
        var id = await _engine.StartAsync(WorkflowJson.Flowchart([WorkflowJson.Work("start"), WorkflowJson.Work("left"), WorkflowJson.Work("right"), WorkflowJson.Work("join")], "start -> left", "start -> right", "left -> join", "right -> join"));
        await Task.WhenAll(_engine.Workshop.BegunAsync("left"), _engine.Workshop.BegunAsync("right"));
        _engine.Workshop.Release("right");
        _engine.Workshop.Release("left");
        await _engine.Runtime.WaitUntilAtRestAsync(id);
        Assert.Equal("join", _engine.Workshop.Begun[^1]);
        Assert.Equal(4, _engine.Workshop.Begun.Count);
    }

    [Fact]
    public async Task All_items_of_a_parallel_loop_run_side_by_side()
    {
        var names = Enumerable.Range(0, 20).Select(index => $"item {index}").ToList();
        names.ForEach(name => _engine.Workshop.Hold(name));
        var body = WorkflowJson.Activity("body", "Test.Work", ("as", WorkflowJson.Script("variables.CurrentValue")));
        var id = await _engine.StartAsync(WorkflowJson.Of(WorkflowJson.Activity("loop", "Elsa.ParallelForEach", ("items", $$"""{"expression": {"type": "Object", "value": {{JsonSerializer.Serialize(names)}} } }"""), ("body", body))));
        await Task.WhenAll(names.Select(_engine.Workshop.BegunAsync));
        names.ForEach(_engine.Workshop.Release);
        Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
    }

    [Fact]
    public async Task An_event_goes_to_all_that_wait_for_it_or_to_those_that_are_meant()
    {
        var definition = await _engine.Definitions.ImportAsync(WorkflowJson.Flowchart([WorkflowJson.Work("start"), WorkflowJson.Event("go"), WorkflowJson.Activity("too", "Elsa.Event", ("eventName", WorkflowJson.Literal("go")))], "start -> go", "start -> too"));
        var ids = new List<string>();
        foreach (var correlation in new[] { "a", "b", "c", "d" })
        {
            ids.Add(await _engine.Runtime.StartAsync(definition, new StartOptions { CorrelationId = correlation }));
            await _engine.Runtime.WaitUntilAtRestAsync(ids[^1]);
        }

        Assert.Equal(0, await _engine.Runtime.PublishEventAsync("Go"));
        Assert.Equal(2, await _engine.Runtime.PublishEventAsync("go", instanceId: ids[0]));
        Assert.Equal(2, await _engine.Runtime.PublishEventAsync("go", correlationId: "b"));
        Assert.Equal(4, await _engine.Runtime.PublishEventAsync("go"));
        Assert.Equal(0, await _engine.Runtime.PublishEventAsync("go"));
        foreach (var id in ids)
            Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(id)).SubStatus);
    }

    [Fact]
    public async Task An_event_published_many_times_at_once_is_delivered_once()
    {
        var run = await _engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Event("go"), WorkflowJson.Work("after")));
        var resumed = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(() => _engine.Runtime.PublishEventAsync("go"))));
        Assert.Equal(1, resumed.Sum());
        await _engine.Runtime.WaitUntilAtRestAsync(run.Id);
        Assert.Equal(["after"], _engine.Workshop.Begun);
    }

    [Fact]
    public async Task A_watcher_that_fails_does_not_stop_the_run()
    {
        _engine.Runtime.Notified += _ => throw new InvalidOperationException("The watcher fails.");
        var run = await _engine.RunAsync(WorkflowJson.Sequence(WorkflowJson.Work("a"), WorkflowJson.Work("b")));
        Assert.Equal(WorkflowSubStatus.Finished, run.SubStatus);
    }

    [Fact]
    public async Task Many_runs_at_once_do_not_disturb_each_other()
    {
        var definition = await _engine.Definitions.ImportAsync(WorkflowJson.Of(
            WorkflowJson.SequenceOf("all", WorkflowJson.Work("a"), WorkflowJson.WriteLine("line", "getInput('Number')")),
            inputs: """[{"name": "Number", "type": "Int32"}]"""));
        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() =>
            _engine.Runtime.StartAsync(definition, new StartOptions { Input = new Dictionary<string, JsonElement> { ["Number"] = JsonSerializer.SerializeToElement(number) } }))));
        for (var number = 0; number < ids.Length; number++)
        {
            Assert.Equal(WorkflowSubStatus.Finished, (await _engine.Runtime.WaitUntilAtRestAsync(ids[number])).SubStatus);
            Assert.Equal([$"{number}"], await _engine.LinesAsync(ids[number]));
        }
    }
}
