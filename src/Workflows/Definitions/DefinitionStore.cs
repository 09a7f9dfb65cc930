namespace VmCluster.Workflows.Definitions;

/// <summary>The stored definitions with their versions.</summary>
public sealed class DefinitionStore
{
    /// <summary>Stores a definition given as Elsa's JSON as the latest, published version. The same content twice is one version.</summary>
    /// <exception cref="InvalidDefinitionException">The text is no definition; the message says where.</exception>
    public Task<WorkflowDefinition> ImportAsync(string json, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Stores a shipped definition unless a user has edited it: then the user's stays the published one.</summary>
    public Task<WorkflowDefinition> SeedAsync(string json, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The published version, by definition id or by name.</summary>
    public Task<WorkflowDefinition?> FindPublishedAsync(string definitionIdOrName, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<WorkflowDefinition?> FindVersionAsync(string versionId, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}

/// <summary>A text is no workflow definition.</summary>
public sealed class InvalidDefinitionException(string message, Exception? innerException = null) : WorkflowException(message, innerException);
