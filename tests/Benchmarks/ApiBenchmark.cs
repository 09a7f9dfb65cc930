using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Activities;
using VmCluster.Host.Web;
using VmCluster.Workflows;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Benchmarks;

/// <summary>What Studio's list and viewer ask, with 10,000 stored runs and a run with 2,000 rows in its journal.</summary>
internal static class ApiBenchmark
{
    private const int Runs = 10_000;
    private const int AtOnce = 200;
    private const int Items = 1_000;
    private const int Times = 100;

    public static async Task RunAsync()
    {
        var folder = new DataFolder(Directory.CreateTempSubdirectory("vmb").FullName);
        try
        {
            var access = await Access.OpenAsync(folder, TimeProvider.System, CancellationToken.None);
            await using var app = WebServer.Create(
                new WebOptions { Folder = folder, Studio = folder.Root, Port = 0 },
                access,
                services => services.AddWorkflows(new WorkflowOptions { DatabasePath = folder.Database }, typeof(DataFolder).Assembly).AddVmCluster(folder));
            await app.StartAsync();
            var longRun = await FillAsync(app.Services.GetRequiredService<DefinitionStore>(), app.Services.GetRequiredService<WorkflowRuntime>());

            using var http = new HttpClient { BaseAddress = new Uri($"{app.Address()}/elsa/api/") };
            http.DefaultRequestHeaders.Add("Authorization", $"Bearer {(await File.ReadAllTextAsync(access.TokenPath)).Trim()}");
            await MeasureAsync(http, longRun);
        }
        finally
        {
            Directory.Delete(folder.Root, recursive: true);
        }
    }

    private static async Task MeasureAsync(HttpClient http, string longRun)
    {
        var journal = $"workflow-instances/{longRun}/journal?skip=900&take=113";
        var excluded = new { filter = new { excludedActivityTypes = new[] { "Elsa.Workflow", "Elsa.Flowchart" } } };
        var nodes = new { workflowInstanceId = longRun, activityNodeIds = new[] { "Workflow1:loop", "Workflow1:loop:say" } };
        foreach (var (name, ask) in new (string Name, Func<Task<HttpResponseMessage>> Ask)[]
        {
            ("list of runs, first page", () => http.PostAsJsonAsync("workflow-instances", new { page = 0, pageSize = 10 })),
            ("list of runs, page 900", () => http.PostAsJsonAsync("workflow-instances", new { page = 900, pageSize = 10 })),
            ("list of runs, by last execution", () => http.PostAsJsonAsync("workflow-instances", new { page = 0, pageSize = 10, orderBy = "LastExecuted" })),
            ("list of runs, searched", () => http.PostAsJsonAsync("workflow-instances", new { page = 0, pageSize = 10, searchTerm = "batch-77" })),
            ("list of runs, with incidents", () => http.PostAsJsonAsync("workflow-instances", new { page = 0, pageSize = 10, hasIncidents = true })),
            ("list of definitions", () => http.GetAsync("workflow-definitions?versionOptions=LatestOrPublished")),
            ("run", () => http.GetAsync($"workflow-instances/{longRun}")),
            ("journal, a page in the middle", () => http.PostAsJsonAsync(journal, excluded)),
            ("badges", () => http.PostAsJsonAsync("activity-executions/report", nodes)),
            ("executions of the step in the loop", () => http.GetAsync($"activity-execution-summaries/list?workflowInstanceId={longRun}&activityNodeId=Workflow1:loop:say")),
            ("variables", () => http.GetAsync($"workflow-instances/{longRun}/variables")),
        })
        {
            await TimeAsync(ask); // Warms the code up.
            var times = new List<TimeSpan>();
            for (var i = 0; i < Times; i++)
                times.Add(await TimeAsync(ask));
            times.Sort();
            Console.WriteLine($"{name,-36} median {times[Times / 2].TotalMilliseconds,6:0.0} ms, 95th percentile {times[Times * 95 / 100].TotalMilliseconds,6:0.0} ms (target <= 200)");
        }
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task<HttpResponseMessage>> ask)
    {
        var begin = Stopwatch.GetTimestamp();
        using var response = await ask();
        await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(begin);
    }

    /// <returns>The run with the long journal.</returns>
    private static async Task<string> FillAsync(DefinitionStore definitions, WorkflowRuntime runtime)
    {
        var small = await definitions.ImportAsync("""{ "definitionId": "small", "name": "Small", "root": { "id": "say", "type": "Elsa.WriteLine", "version": 1 } }""");
        foreach (var batch in Enumerable.Range(0, Runs).Chunk(AtOnce))
            await Task.WhenAll(batch.Select(number => RunAsync(runtime, small, $"batch-{number}")));

        var items = JsonSerializer.Serialize(Enumerable.Range(0, Items));
        var loop = await definitions.ImportAsync($$"""
            { "definitionId": "loop", "name": "Loop", "variables": [{ "id": "v1", "name": "Count", "typeName": "Int32", "value": "3" }],
              "root": { "id": "loop", "type": "Elsa.ForEach", "version": 1, "items": { "typeName": "Object", "expression": { "type": "Object", "value": "{{items}}" } },
                "body": { "id": "say", "type": "Elsa.WriteLine", "version": 1 } } }
            """);
        return await RunAsync(runtime, loop, "long");
    }

    private static async Task<string> RunAsync(WorkflowRuntime runtime, WorkflowDefinition definition, string name)
    {
        var id = await runtime.StartAsync(definition, new StartOptions { Name = name });
        await runtime.WaitUntilAtRestAsync(id);
        return id;
    }
}
