using System.Text.Json.Nodes;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>
/// A definition as a designer gives it back: it leaves out members that it does not know and puts activities in an order of
/// its own. What is stored differs from what was stored before only where a user changed something.
/// </summary>
internal static class DesignerJson
{
    /// <summary>Members that an answer has and a stored definition has not.</summary>
    private static readonly string[] AnswerMembers = ["links", "changedAt", "changedBy", "isMaterializerAvailable"];

    /// <summary>Says in answers that a definition is JSON, which it always is here.</summary>
    private const string Materializer = "materializerName";

    /// <summary>Lists whose items a designer knows in part only, with the member that tells them apart.</summary>
    private static readonly (string List, string Key)[] KnownInPart = [("variables", "id"), ("inputs", "name"), ("outputs", "name")];

    /// <summary>A copy as it is to be stored: placeholders give back what they stand for.</summary>
    /// <exception cref="InvalidDefinitionException">A placeholder does not hold what it stands for.</exception>
    public static JsonObject Read(JsonObject model)
    {
        // Parsed anew, because members of older designers are written in Pascal case.
        var json = (JsonObject)JsonNode.Parse(model.ToJsonString(Json.Options), Json.IgnoreCase)!;
        foreach (var member in AnswerMembers)
            json.Remove(member);

        if (json["root"] is JsonObject root && MissingActivities.Restore(root) is var restored && restored != root)
            json["root"] = restored;

        return json;
    }

    /// <summary>What was sent, as the next version of what there was; what an answer only adds for completeness does not become part of it.</summary>
    public static JsonObject Continue(JsonObject sent, JsonObject previous)
    {
        KeepUnknown(sent, previous);
        if (sent["options"] is JsonObject options && previous["options"] is JsonObject before)
            KeepUnknown(options, before);

        foreach (var (list, key) in KnownInPart)
        {
            var known = previous.Objects(list).ToLookup(item => item.Text(key));
            foreach (var item in sent.Objects(list))
            {
                if (known[item.Text(key)].FirstOrDefault() is { } same)
                    KeepUnknown(item, same);
            }
        }

        foreach (var (name, value) in sent.ToList())
        {
            if (!previous.ContainsKey(name) && (IsEmpty(value) || name == Materializer))
                sent.Remove(name);
        }

        return (JsonObject)StableOrder.Of(sent, previous);
    }

    private static bool IsEmpty(JsonNode? value) => value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 };

    private static void KeepUnknown(JsonObject sent, JsonObject previous)
    {
        foreach (var (name, value) in previous)
        {
            if (!sent.ContainsKey(name))
                sent[name] = value?.DeepClone();
        }
    }
}
