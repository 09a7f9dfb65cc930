using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Activities;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Ledger;
using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Cli;

/// <summary>What the commands of one command line share. Services are made when first asked for: most commands need few.</summary>
internal sealed class Session : IAsyncDisposable
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // For people and programs that read a terminal, not for web pages: names and arrows stay as they are.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly Lazy<ServiceProvider> _services;
    private readonly long _began;

    public Session(Surroundings outside, IReadOnlyList<string> remoteCommand)
    {
        Outside = outside;
        _began = outside.Time.GetTimestamp();
        RemoteCommand = remoteCommand;
        OutStyle = new Style(outside.OutIsTerminal && !outside.NoColor);
        ErrorStyle = new Style(outside.ErrorIsTerminal && !outside.NoColor);
        _services = new Lazy<ServiceProvider>(() => AddServices(new ServiceCollection()).BuildServiceProvider());
    }

    public Surroundings Outside { get; }

    /// <summary>How long the command has been at work.</summary>
    public TimeSpan Elapsed => Outside.Time.GetElapsedTime(_began);

    /// <summary>What stood behind <c>--</c>.</summary>
    public IReadOnlyList<string> RemoteCommand { get; }

    public Style OutStyle { get; }
    public Style ErrorStyle { get; }

    /// <summary>On every command.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print data as JSON.", Recursive = true };

    public ClusterLedger Ledger => Service<ClusterLedger>();
    public RunStore Runs => Service<RunStore>();
    public DefinitionStore Definitions => Service<DefinitionStore>();
    public RunImport RunImport => Service<RunImport>();
    public WorkflowRuntime Runtime => Service<WorkflowRuntime>();

    public T Service<T>()
        where T : notnull => _services.Value.GetRequiredService<T>();

    public IEnumerable<T> Services<T>()
        where T : notnull => _services.Value.GetServices<T>();

    public IHypervisor Hypervisor(string provider) =>
        Services<IHypervisor>().First(hypervisor => string.Equals(hypervisor.Name, provider, StringComparison.Ordinal));

    /// <summary>Must be held by a command that changes runs.</summary>
    public OwnerLock TakeOwnership() => OwnerLock.Take(Outside.Folder, Outside.CommandText);

    /// <summary>Adds the engine and what acts on the world.</summary>
    public IServiceCollection AddServices(IServiceCollection services) => services
        .AddWorkflows(new WorkflowOptions { DatabasePath = Outside.Folder.Database, TimeProvider = Outside.Time }, typeof(DataFolder).Assembly)
        .AddVmCluster(Outside.Folder);

    /// <exception cref="RunNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousRunException">More than one begins so.</exception>
    public async Task<WorkflowInstance> GetRunAsync(string id, CancellationToken cancellationToken) =>
        await Runs.FindAsync(id, cancellationToken) ?? throw new RunNotFoundException(id);

    /// <summary>A line for the user beside the data.</summary>
    public void Say(string line) => Outside.Error.WriteLine(line);

    public void WriteJson(object data) => Outside.Out.WriteLine(JsonSerializer.Serialize(data, JsonOptions));

    public ValueTask DisposeAsync() => _services.IsValueCreated ? _services.Value.DisposeAsync() : ValueTask.CompletedTask;
}
