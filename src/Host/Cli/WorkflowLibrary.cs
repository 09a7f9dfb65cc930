using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Cli;

/// <summary>Finds the workflow that a user names: a file, a shipped one, or one that was edited since.</summary>
internal sealed class WorkflowLibrary(Session session)
{
    public const string Build = "build-cluster";
    public const string Start = "start-cluster";
    public const string AddNode = "add-node";
    public const string Destroy = "destroy-cluster";

    /// <exception cref="WorkflowNotFoundException">There is neither such a file nor such a workflow.</exception>
    /// <exception cref="InvalidDefinitionException">The file holds no definition.</exception>
    public async Task<WorkflowDefinition> GetAsync(string fileOrName, CancellationToken cancellationToken)
    {
        if (File.Exists(fileOrName))
            return await session.Definitions.ImportAsync(await File.ReadAllTextAsync(fileOrName, cancellationToken), cancellationToken);
        await ShippedWorkflows.SeedAsync(session.Definitions, session.Outside.Workflows, cancellationToken);
        return await session.Definitions.FindPublishedAsync(fileOrName, cancellationToken)
            ?? await RestoreAsync(fileOrName, cancellationToken)
            ?? throw new WorkflowNotFoundException(fileOrName, ShippedWorkflows.Names(session.Outside.Workflows));
    }

    /// <summary>A shipped workflow that was deleted in Studio stays deleted until somebody asks for it by its name.</summary>
    private async Task<WorkflowDefinition?> RestoreAsync(string name, CancellationToken cancellationToken) =>
        await session.Definitions.FindAsync(name, VersionOptions.Latest, cancellationToken) is null && ShippedWorkflows.Find(session.Outside.Workflows, name) is { } file
            ? await session.Definitions.ImportAsync(await File.ReadAllTextAsync(file, cancellationToken), cancellationToken)
            : null;
}
