using System.Text.Json.Nodes;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>What two versions of a definition do differently, in lines for people: order and numbering do not count.</summary>
public static class DefinitionDiff
{
    /// <summary>One line each for what was added (<c>+</c>), removed (<c>-</c>) and changed (<c>~</c>); none where both are the same.</summary>
    public static IReadOnlyList<string> Between(WorkflowDefinition before, WorkflowDefinition after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return [.. Lines("", DefinitionVersions.ContentOf(before.Source), DefinitionVersions.ContentOf(after.Source))];
    }

    private static IEnumerable<string> Lines(string path, JsonNode? before, JsonNode? after) => (before, after) switch
    {
        _ when JsonNode.DeepEquals(before, after) => [],
        (null, _) => [$"+ {path}{Shown(after)}"],
        (_, null) => [$"- {path}{Shown(before)}"],
        (JsonObject one, JsonObject other) => Children(one.ToDictionary(Name, Value), other.ToDictionary(Name, Value)).SelectMany(child => Lines(Join(path, child.Key), child.Before, child.After)),
        (JsonArray one, JsonArray other) when ByKey(one) is { } first && ByKey(other) is { } second =>
            Children(first, second).SelectMany(child => Lines($"{path}[{child.Key}]", child.Before, child.After)),
        _ => [$"~ {path}: {before.ToJsonString(Json.Options)} -> {after.ToJsonString(Json.Options)}"],
    };

    private static IEnumerable<(string Key, JsonNode? Before, JsonNode? After)> Children(Dictionary<string, JsonNode?> before, Dictionary<string, JsonNode?> after) =>
        before.Keys.Union(after.Keys).Select(key => (key, before.GetValueOrDefault(key), after.GetValueOrDefault(key)));

    /// <summary>Null where the items cannot be told apart.</summary>
    private static Dictionary<string, JsonNode?>? ByKey(JsonArray items)
    {
        var byKey = new Dictionary<string, JsonNode?>();
        return items.All(item => StableOrder.KeyOf(item) is { } key && byKey.TryAdd(key, item)) ? byKey : null;
    }

    private static string Shown(JsonNode? node) => node switch
    {
        JsonObject activity when activity.Text("type") is { } type && activity.Text("id") is not null => $" ({type})",
        JsonValue or null => $": {node?.ToJsonString(Json.Options) ?? "null"}",
        _ => "",
    };

    private static string Name(KeyValuePair<string, JsonNode?> member) => member.Key;

    private static JsonNode? Value(KeyValuePair<string, JsonNode?> member) => member.Value;

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
