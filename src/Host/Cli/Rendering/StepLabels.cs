using System.Text.Json;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Cli.Rendering;

/// <summary>The texts that the designer shows on activities.</summary>
internal static class StepLabels
{
    /// <summary>By activity id; activities without a text are left out.</summary>
    public static IReadOnlyDictionary<string, string> Of(WorkflowDefinition? definition)
    {
        var labels = new Dictionary<string, string>();
        if (definition is not null)
            Collect(definition.Source, labels);
        return labels;
    }

    private static void Collect(JsonNode? node, Dictionary<string, string> labels)
    {
        if (node is JsonObject activity && Text(activity["id"]) is { } id && Text((activity["metadata"] as JsonObject)?["displayText"]) is { Length: > 0 } text)
            labels.TryAdd(id, text);
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var child in children)
            Collect(child, labels);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
