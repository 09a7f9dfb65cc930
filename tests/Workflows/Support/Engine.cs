using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Workflows.Tests.Support;

/// <summary>The engine as a host has it, on a SQLite file of its own.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Engine(TemporaryFolder folder, IncidentStrategy strategy = IncidentStrategy.KeepOpen, TimeProvider? time = null, Workshop? workshop = null, TimeSpan? stopTimeout = null)
    {
        var services = new ServiceCollection();
        DatabasePath = Path.Combine(folder.Path, "vmcluster.db");
        var options = new WorkflowOptions
        {
            DatabasePath = DatabasePath,
            DefaultIncidentStrategy = strategy,
            TimeProvider = time ?? TimeProvider.System,
            StopTimeout = stopTimeout ?? TimeSpan.FromSeconds(5),
        };
        services.AddSingleton(Workshop = workshop ?? new Workshop());
        services.AddWorkflows(options, typeof(Engine).Assembly);
        _services = services.BuildServiceProvider(validateScopes: true);
        Runtime.Notified += notification =>
        {
            lock (Notifications)
                Notifications.Add(notification);
        };
    }

    public string DatabasePath { get; }

    public Workshop Workshop { get; }

    public List<RunNotification> Notifications { get; } = [];

    public WorkflowRuntime Runtime => _services.GetRequiredService<WorkflowRuntime>();

    public DefinitionStore Definitions => _services.GetRequiredService<DefinitionStore>();

    public RunStore Runs => _services.GetRequiredService<RunStore>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<string> StartAsync(string json, params (string Name, object? Value)[] input)
    {
        var definition = await Definitions.ImportAsync(json);
        return await Runtime.StartAsync(definition, new StartOptions { Input = input.ToDictionary(entry => entry.Name, entry => JsonSerializer.SerializeToElement(entry.Value)) });
    }

    /// <summary>Starts a workflow and waits until nothing of it moves.</summary>
    public async Task<WorkflowInstance> RunAsync(string json, params (string Name, object? Value)[] input) =>
        await Runtime.WaitUntilAtRestAsync(await StartAsync(json, input), timersToo: false);

    /// <summary>The lines that a run wrote.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync(string instanceId) => (await Runs.JournalAsync(instanceId))
        .Where(entry => entry is { ActivityType: "Elsa.WriteLine", EventName: "Completed" })
        .Select(entry => entry.Payload!.Value.GetProperty("Text").GetString() ?? "")
        .ToList();

    /// <summary>What people asked of a run, and who.</summary>
    public async Task<IReadOnlyList<string>> RequestsAsync(string instanceId) => (await Runs.JournalAsync(instanceId))
        .Where(entry => entry.EventName is "Pausing" or "Paused" or "Retried" or "Skipped" or "Migrated" or "Workflow cancelled" or "WorkflowInterrupted" || entry is { EventName: "Resumed", ActivityType: "Elsa.Workflow" })
        .Select(entry => entry.Payload is { } payload && payload.TryGetProperty("By", out var by) ? $"{entry.EventName} {by}" : entry.EventName)
        .ToList();

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
