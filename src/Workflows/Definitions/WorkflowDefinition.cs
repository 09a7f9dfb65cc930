using System.Text.Json;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Serialization;

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
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this version was last saved or published, and by whom; null where it came from a file.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    public string? ChangedBy { get; init; }
    public IReadOnlyList<InputDefinition> Inputs { get; init; } = [];

    /// <summary>The whole definition as JSON, members that we do not know included.</summary>
    public required JsonObject Source { get; init; }

    internal WorkflowGraph Graph => field ??= new WorkflowGraph(Source);

    /// <summary>Reads a definition; node ids are computed anew.</summary>
    /// <exception cref="InvalidDefinitionException">The text is no definition; the message says where.</exception>
    internal static WorkflowDefinition Parse(string json)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json, Json.IgnoreCase);
        }
        catch (JsonException e)
        {
            throw new InvalidDefinitionException($"The definition is not JSON: {e.Message}", e);
        }

        return Parse(node as JsonObject ?? throw new InvalidDefinitionException("The definition is not a JSON object."));
    }

    /// <summary>As above; the object becomes the definition's own.</summary>
    /// <exception cref="InvalidDefinitionException">It is no definition; the message says where.</exception>
    internal static WorkflowDefinition Parse(JsonObject source)
    {
        var definitionId = source.Text("definitionId") ?? source.Text("id") ?? source.Text("name")
            ?? throw new InvalidDefinitionException("The definition has neither a definitionId nor a name.");
        var version = source["version"] is JsonValue number && number.TryGetValue<int>(out var given) ? given : 1;
        var definition = new WorkflowDefinition
        {
            Id = source.Text("id") ?? $"{definitionId}-v{version}",
            DefinitionId = definitionId,
            Version = version,
            Name = source.Text("name"),
            Description = source.Text("description"),
            IsLatest = source.Flag("isLatest"),
            IsPublished = source.Flag("isPublished"),
            Inputs = source.Objects("inputs").Select(ParseInput).ToList(),
            Source = source,
        };
        _ = definition.Graph;
        return definition;
    }

    private static InputDefinition ParseInput(JsonObject json) => new(
        json.Text("name") ?? throw new InvalidDefinitionException("An input of the definition has no name."),
        (json.Text("type") ?? "Object") + (json.Flag("isArray") ? "[]" : ""),
        json.Text("displayName"),
        json.Text("description"),
        json["defaultValue"] is { } value ? value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : value.ToJsonString(Json.Options) : null);
}

/// <summary>An input that a workflow declares.</summary>
public sealed record InputDefinition(string Name, string Type, string? DisplayName, string? Description, string? DefaultValue);
