using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Workflows;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Benchmarks;

/// <summary>A step that does nothing but note when it ran: what is left is the engine.</summary>
[Activity("Benchmark", "Benchmark", "Notes the time.")]
public sealed class Tick(TickLog log) : CodeActivity
{
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        log.Note();
        return ValueTask.CompletedTask;
    }
}

/// <summary>When each step ran.</summary>
public sealed class TickLog
{
    private readonly List<long> times = [];

    public IReadOnlyList<long> Times => times;

    public void Note()
    {
        lock (times)
            times.Add(Stopwatch.GetTimestamp());
    }
}

/// <summary>Committed steps a second, and whether a step costs more the more steps are behind it.</summary>
public static class EngineBenchmark
{
    private const int StepsPerRound = 3;
    private const int Rounds = 10_000 / StepsPerRound;
    private const int Window = 200;

    public static async Task RunAsync()
    {
        await TimesOfAsync(500); // Warms the code up.

        var commits = BareCommitsPerSecond();
        var times = await TimesOfAsync(Rounds + Window);
        var steps = Rounds * StepsPerRound / Stopwatch.GetElapsedTime(times[0], times[Rounds]).TotalSeconds;
        Console.WriteLine($"committed steps: {steps:0}/s; bare SQLite commits of two rows, synchronous=FULL: {commits:0}/s; ratio {steps / commits:0.00}");

        var early = MedianStep(times, 10 / StepsPerRound);
        var late = MedianStep(times, Rounds);
        Console.WriteLine($"a step at the 10th {early.TotalMicroseconds:0} us, at the 10,000th {late.TotalMicroseconds:0} us (medians of {Window}); ratio {late / early:0.00} (target <= 1.20)");
    }

    private static TimeSpan MedianStep(IReadOnlyList<long> times, int at)
        => Enumerable.Range(at, Window - 1).Select(i => Stopwatch.GetElapsedTime(times[i], times[i + 1]) / StepsPerRound).Order().ElementAt(Window / 2);

    private static async Task<IReadOnlyList<long>> TimesOfAsync(int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("vmcluster-benchmark");
        var log = new TickLog();
        var services = new ServiceCollection()
            .AddSingleton(log)
            .AddWorkflows(new WorkflowOptions { DatabasePath = Path.Combine(folder.FullName, "runs.db") }, typeof(Tick).Assembly)
            .BuildServiceProvider();
        await using (services)
        {
            var definition = await services.GetRequiredService<DefinitionStore>().ImportAsync(Loop(rounds));
            var runtime = services.GetRequiredService<WorkflowRuntime>();
            var run = await runtime.StartAsync(definition, new StartOptions());
            await runtime.WaitUntilAtRestAsync(run);
        }

        folder.Delete(recursive: true);
        return log.Times;
    }

    private static double BareCommitsPerSecond()
    {
        const int Commits = 2_000;
        var file = Path.GetTempFileName();
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("CREATE TABLE Rows (Id INTEGER PRIMARY KEY, Text TEXT)");
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO Rows (Text) VALUES (@text)";
        var text = insert.Parameters.Add("@text", SqliteType.Text);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Commits; i++)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            for (var row = 0; row < 2; row++)
            {
                text.Value = new string('x', 200);
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        return Commits / Stopwatch.GetElapsedTime(start).TotalSeconds;

        void Execute(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    // A counter, the step, a decision that leads back: three steps a round.
    private static string Loop(int rounds) => $$"""
        {
          "definitionId": "benchmark-loop", "name": "Loop", "version": 1,
          "variables": [{ "id": "i", "name": "I", "typeName": "Int32", "value": "0", "storageDriverTypeName": "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core" }],
          "root": {
            "id": "chart", "type": "Elsa.Flowchart", "version": 1,
            "activities": [
              { "id": "count", "type": "Elsa.SetVariable", "version": 1, "variable": { "id": "i", "name": "I", "typeName": "Int32" },
                "value": { "typeName": "Object", "expression": { "type": "JavaScript", "value": "getVariable('I') + 1" } } },
              { "id": "tick", "type": "Benchmark.Tick", "version": 1 },
              { "id": "more", "type": "Elsa.FlowDecision", "version": 1,
                "condition": { "typeName": "Boolean", "expression": { "type": "JavaScript", "value": "getVariable('I') < {{rounds}}" } } }
            ],
            "connections": [
              { "source": { "activity": "count", "port": "Done" }, "target": { "activity": "tick", "port": "In" } },
              { "source": { "activity": "tick", "port": "Done" }, "target": { "activity": "more", "port": "In" } },
              { "source": { "activity": "more", "port": "True" }, "target": { "activity": "count", "port": "In" } }
            ]
          }
        }
        """;
}
