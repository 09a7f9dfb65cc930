using System.Text.Json.Nodes;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Api;

/// <summary>A definition as Studio reads it: the stored JSON, with what must not be missing.</summary>
internal static class DefinitionModel
{
    private const string Root = "root";

    private static readonly string[] Lists = ["variables", "inputs", "outputs", "outcomes"];
    private static readonly string[] Objects = ["customProperties", "options"];

    /// <summary>The whole definition.</summary>
    public static JsonObject Full(WorkflowDefinition definition, ActivityRegistry registry)
    {
        var json = Summary(definition);
        var root = MissingActivities.Hide((JsonObject)definition.Source[Root]!.DeepClone(), registry);
        json[Root] = ActivityTree.Replace(root, Complete);
        return json;
    }

    /// <summary>All but the activities.</summary>
    public static JsonObject Summary(WorkflowDefinition definition)
    {
        var json = new JsonObject();
        foreach (var (name, value) in definition.Source)
        {
            if (!string.Equals(name, Root, StringComparison.OrdinalIgnoreCase))
                json[name] = value?.DeepClone();
        }

        foreach (var name in Lists)
            json[name] ??= new JsonArray();
        foreach (var name in Objects)
            json[name] ??= new JsonObject();

        json["id"] = definition.Id;
        json["definitionId"] = definition.DefinitionId;
        json["version"] = definition.Version;
        json["isLatest"] = definition.IsLatest;
        json["isPublished"] = definition.IsPublished;
        json["createdAt"] = definition.CreatedAt;
        json["changedAt"] = definition.ChangedAt;
        json["changedBy"] = definition.ChangedBy;
        json["materializerName"] = "Json";
        json["isMaterializerAvailable"] = true;
        json["links"] = Links(definition.DefinitionId);
        return json;
    }

    /// <summary>Without the link of this relation Studio shows the definition as read-only.</summary>
    private static JsonArray Links(string definitionId) =>
    [
        Link(definitionId, "self", "GET", ""), Link(definitionId, "execute", "POST", "/execute"), Link(definitionId, "dispatch", "POST", "/dispatch"),
        Link(definitionId, "export", "GET", "/export"), Link(definitionId, "publish", "POST", "/publish"), Link(definitionId, "retract", "POST", "/retract"),
        Link(definitionId, "delete", "DELETE", ""),
    ];

    private static JsonObject Link(string definitionId, string relation, string method, string action) => new()
    {
        ["href"] = $"/workflow-definitions/{Uri.EscapeDataString(definitionId)}{action}",
        ["rel"] = relation,
        ["method"] = method,
    };

    /// <summary>Adds what a definition written by hand may leave out and Studio relies on. Connections without bends must not say null: that empties the canvas.</summary>
    private static JsonObject? Complete(JsonObject activity)
    {
        activity["version"] ??= 1;
        activity["customProperties"] ??= new JsonObject();
        activity["metadata"] ??= new JsonObject();
        foreach (var connection in (activity["connections"] as JsonArray ?? []).OfType<JsonObject>())
            connection["vertices"] ??= new JsonArray();

        return null;
    }
}
