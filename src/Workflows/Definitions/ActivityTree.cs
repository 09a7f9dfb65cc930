using System.Text.Json.Nodes;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>The activities of a definition as JSON, whatever their types.</summary>
public static class ActivityTree
{
    private const string Children = "activities";

    /// <summary>An object with a type and an id is an activity, in whichever member of its parent it stands.</summary>
    public static bool IsActivity(JsonNode? node) => node is JsonObject json && json.Text("type") is not null && json.Text("id") is not null;

    /// <summary>Puts another activity in the place of each for which <paramref name="substitute"/> gives one, and goes into the others.</summary>
    /// <returns>The tree itself, or what takes its place.</returns>
    public static JsonObject Replace(JsonObject activity, Func<JsonObject, JsonObject?> substitute)
    {
        ArgumentNullException.ThrowIfNull(activity);
        ArgumentNullException.ThrowIfNull(substitute);
        if (substitute(activity) is { } other)
            return other;

        foreach (var (name, value) in activity.ToList())
        {
            if (IsActivity(value) && Replace((JsonObject)value!, substitute) is var child && child != value)
                activity[name] = child;
        }

        if (activity[Children] is JsonArray activities)
        {
            for (var i = 0; i < activities.Count; i++)
            {
                if (IsActivity(activities[i]) && Replace((JsonObject)activities[i]!, substitute) is var child && child != activities[i])
                    activities[i] = child;
            }
        }

        return activity;
    }
}
