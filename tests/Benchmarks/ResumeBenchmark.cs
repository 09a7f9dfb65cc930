using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Activities;
using VmCluster.Workflows;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Benchmarks;

/// <summary>From SIGKILL to the first row that the resumed run writes, the start of the new process included.</summary>
public static class ResumeBenchmark
{
    private const int Times = 7;

    private const string EndlessLoop = """
        {
          "definitionId": "benchmark-endless", "name": "Endless", "version": 1,
          "root": {
            "id": "chart", "type": "Elsa.Flowchart", "version": 1,
            "activities": [
              { "id": "line", "type": "Elsa.WriteLine", "version": 1, "text": { "typeName": "String", "expression": { "type": "Literal", "value": "round" } } },
              { "id": "again", "type": "Elsa.FlowDecision", "version": 1, "condition": { "typeName": "Boolean", "expression": { "type": "Literal", "value": "True" } } }
            ],
            "connections": [
              { "source": { "activity": "line", "port": "Done" }, "target": { "activity": "again", "port": "In" } },
              { "source": { "activity": "again", "port": "True" }, "target": { "activity": "line", "port": "In" } }
            ]
          }
        }
        """;

    public static async Task RunAsync()
    {
        var home = Measurements.NewHome();
        var workflow = Path.Combine(home.Root, "wait.json");
        await File.WriteAllTextAsync(workflow, EndlessLoop);
        var bare = await Measurements.MedianAsync(Times, () => Measurements.TimeAsync(home, "--version"));
        var resumed = await Measurements.MedianAsync(Times, () => ResumeAsync(home, workflow));
        Console.WriteLine($"SIGKILL to the first resumed step {resumed.TotalSeconds:0.00} s (target <= 2 s); the program's start alone ('--version') {bare.TotalSeconds:0.00} s; ratio {resumed / bare:0.0} (medians of {Times})");
        Measurements.Delete(home);
    }

    private static async Task<TimeSpan> ResumeAsync(DataFolder home, string workflow)
    {
        var runs = new ServiceCollection().AddWorkflows(new WorkflowOptions { DatabasePath = home.Database }).BuildServiceProvider().GetRequiredService<RunStore>();
        var known = (await runs.ListAsync()).Select(r => r.Id).ToHashSet(StringComparer.Ordinal);
        using var first = Measurements.Start(home, "run", workflow);
        string? run = null;
        await UntilAsync(async () => (run = (await runs.ListAsync()).Select(r => r.Id).FirstOrDefault(id => !known.Contains(id))) is not null && (await runs.JournalAsync(run)).Count > 0);
        var last = (await runs.JournalAsync(run!))[^1].Sequence;

        var begin = Stopwatch.GetTimestamp();
        first.Kill();
        using var second = Measurements.Start(home, "resume", run!);
        await UntilAsync(async () => (await runs.JournalAsync(run!, last)).Count > 0);
        var elapsed = Stopwatch.GetElapsedTime(begin);
        second.Kill();
        await second.WaitForExitAsync();
        return elapsed;
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!await reached())
            await pulse.WaitForNextTickAsync();
    }
}
