using System.Text.Json.Nodes;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>
/// Activities of types that this host does not have. Studio shows an empty canvas where one is of a type that it has no
/// descriptor of, so it is given a placeholder, as Elsa does; what is saved is the original again.
/// </summary>
public static class MissingActivities
{
    public const string PlaceholderType = "Elsa.NotFoundActivity";

    private const string Original = "originalActivityJson";
    private const string Metadata = "metadata";

    /// <summary>Puts placeholders into a tree that is to be shown.</summary>
    public static JsonObject Hide(JsonObject root, ActivityRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return ActivityTree.Replace(root, activity => IsKnown(activity, registry) ? null : Placeholder(activity));
    }

    /// <summary>Puts the originals back into a tree that comes from a designer; they keep the place on the canvas that they were given there.</summary>
    /// <exception cref="InvalidDefinitionException">A placeholder does not hold what it stands for.</exception>
    public static JsonObject Restore(JsonObject root) =>
        ActivityTree.Replace(root, activity => activity.Text("type") == PlaceholderType && activity.Text(Original) is { } text ? Restore(activity, text) : null);

    private static bool IsKnown(JsonObject activity, ActivityRegistry registry) =>
        registry.Find(activity.Text("type")!) is { } descriptor
        && (activity["version"] is not JsonValue version || (version.TryGetValue<int>(out var number) && number == descriptor.Version));

    private static JsonObject Placeholder(JsonObject activity) => new(Json.IgnoreCase)
    {
        ["id"] = activity.Text("id"),
        ["nodeId"] = activity.Text("nodeId"),
        ["name"] = activity.Text("name"),
        ["type"] = PlaceholderType,
        ["version"] = 1,
        ["customProperties"] = activity["customProperties"]?.DeepClone() ?? new JsonObject(),
        [Metadata] = activity[Metadata]?.DeepClone() ?? new JsonObject(),
        ["missingTypeName"] = activity.Text("type"),
        ["missingTypeVersion"] = activity["version"]?.DeepClone(),
        [Original] = activity.ToJsonString(Json.Options),
    };

    private static JsonObject Restore(JsonObject placeholder, string text)
    {
        if (!Json.TryParse(text, out _) || JsonNode.Parse(text, Json.IgnoreCase) is not JsonObject original || !ActivityTree.IsActivity(original))
            throw new InvalidDefinitionException($"The placeholder '{placeholder.Text("id")}' does not hold the activity that it stands for.");

        original["id"] = placeholder.Text("id");
        if (placeholder[Metadata] is { } metadata)
            original[Metadata] = metadata.DeepClone();

        return original;
    }
}
