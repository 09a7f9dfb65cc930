using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Activities;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Ssh;
using VmCluster.Workflows;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.EndToEnd.Support;

/// <summary>The engine with the real steps, in this process, on a data folder of the test's.</summary>
public sealed class LocalEngine : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public LocalEngine(TestHome home) => services = new ServiceCollection()
        .AddVmCluster(home.Folder)
        .AddWorkflows(new WorkflowOptions { DatabasePath = home.Folder.Database }, typeof(DataFolder).Assembly)
        .BuildServiceProvider();

    public ClusterLedger Ledger => Get<ClusterLedger>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Runs a shipped workflow to its end; a failure's message has the incidents.</summary>
    public async Task<WorkflowInstance> RunAsync(string workflow, params (string Name, object Value)[] input)
    {
        var json = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "workflows", workflow + ".json"));
        var definition = await Get<DefinitionStore>().ImportAsync(json);
        var options = new StartOptions { Input = input.ToDictionary(pair => pair.Name, pair => JsonSerializer.SerializeToElement(pair.Value)) };
        var id = await Get<WorkflowRuntime>().StartAsync(definition, options);
        var run = await Get<WorkflowRuntime>().WaitUntilAtRestAsync(id);
        Assert.True(run.SubStatus == WorkflowSubStatus.Finished, $"{workflow} is {run.SubStatus}: {string.Join("\n", run.Incidents.Select(incident => incident.Message))}");
        return run;
    }

    public Task<IReadOnlyList<JournalEntry>> JournalAsync(string runId) => Get<RunStore>().JournalAsync(runId);

    /// <summary>Runs a command on a node and returns what it printed.</summary>
    public async Task<string> AskAsync(string cluster, string node, string script)
    {
        var record = await Ledger.GetAsync(cluster);
        return (await Get<SshClient>().RunCheckedAsync(record, record.Node(node), script, script, null, CancellationToken.None)).Trim();
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
