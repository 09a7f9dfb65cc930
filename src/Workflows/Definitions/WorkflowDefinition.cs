using System.Text.Json.Nodes;

namespace VmCluster.Workflows.Definitions;

/// <summary>One version of a workflow definition, in Elsa's vocabulary.</summary>
public sealed record WorkflowDefinition
{
    /// <summary>The id of this version.</summary>
    public required string Id { get; init; }

    /// <summary>The id over all versions.</summary>
    public required string DefinitionId { get; init; }

    public required int Version { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public bool IsLatest { get; init; }
    public bool IsPublished { get; init; }
    public IReadOnlyList<InputDefinition> Inputs { get; init; } = [];

    /// <summary>The whole definition as JSON, members that we do not know included.</summary>
    public required JsonObject Source { get; init; }
}

/// <summary>An input that a workflow declares.</summary>
public sealed record InputDefinition(string Name, string Type, string? DisplayName, string? Description, string? DefaultValue);
