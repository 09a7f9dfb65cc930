using System.Text.Json.Nodes;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>Puts members and items into the order that they had before, so that files of two versions can be compared line by line.</summary>
internal static class StableOrder
{
    /// <summary>A copy of <paramref name="next"/>; what was not there before stands behind.</summary>
    public static JsonNode Of(JsonNode next, JsonNode? previous) => (next, previous) switch
    {
        (JsonObject now, JsonObject before) => Of(now, before),
        (JsonArray now, JsonArray before) => Of(now, before),
        _ => next.DeepClone(),
    };

    private static JsonObject Of(JsonObject next, JsonObject previous)
    {
        var places = previous.Select((member, place) => (member.Key, place)).ToDictionary(entry => entry.Key, entry => entry.place, StringComparer.OrdinalIgnoreCase);
        var ordered = new JsonObject(Json.IgnoreCase);
        foreach (var (name, value) in next.OrderBy(member => places.GetValueOrDefault(member.Key, int.MaxValue)))
            ordered[name] = value is null ? null : Of(value, previous[name]);

        return ordered;
    }

    private static JsonArray Of(JsonArray next, JsonArray previous)
    {
        var before = new Dictionary<string, (JsonNode Item, int Place)>();
        foreach (var (item, place) in previous.Select((item, place) => (item, place)))
        {
            if (KeyOf(item) is { } key)
                before.TryAdd(key, (item!, place));
        }

        var ordered = next
            .Select(item => (Item: item, Before: KeyOf(item) is { } key && before.TryGetValue(key, out var known) ? known : (Item: null, Place: int.MaxValue)))
            .OrderBy(entry => entry.Before.Place)
            .Select(entry => entry.Item is null ? null : Of(entry.Item, entry.Before.Item));
        return new JsonArray([.. ordered]);
    }

    /// <summary>What makes an item the same as before: an activity's or variable's id, an input's name, the ends of a connection.</summary>
    public static string? KeyOf(JsonNode? item) => item switch
    {
        JsonObject json when json.Text("id") is { } id => id,
        JsonObject json when json.Text("name") is { } name => name,
        JsonObject json when json["source"] is JsonObject source && json["target"] is JsonObject target =>
            $"{source.Text("activity")}.{source.Text("port")}>{target.Text("activity")}.{target.Text("port")}",
        _ => null,
    };
}
