using System.Text.Json.Nodes;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Api;

/// <summary>A definition's activities with their parents: what Studio asks for when it opens an activity inside another one.</summary>
internal sealed class DefinitionGraph
{
    private DefinitionGraph(JsonObject activity, string nodeId, string port, DefinitionGraph? parent)
    {
        Activity = activity;
        NodeId = nodeId;
        Port = port;
        Parent = parent;
        Children = [.. ChildrenOf(activity).Select(child => new DefinitionGraph(child.Activity, (string)child.Activity["nodeId"]!, child.Port, this))];
    }

    public JsonObject Activity { get; }

    public string NodeId { get; }

    /// <summary>The member of the parent that holds it.</summary>
    public string Port { get; }

    public DefinitionGraph? Parent { get; }

    public IReadOnlyList<DefinitionGraph> Children { get; }

    /// <summary>The node of the workflow itself.</summary>
    public static DefinitionGraph Of(JsonObject definition)
    {
        var workflow = new JsonObject
        {
            ["id"] = "Workflow1",
            ["nodeId"] = "Workflow1",
            ["type"] = "Elsa.Workflow",
            ["version"] = 1,
            ["name"] = definition["name"]?.DeepClone(),
            ["root"] = definition["root"]!.DeepClone(),
        };
        return new DefinitionGraph(workflow, "Workflow1", "Root", null);
    }

    /// <exception cref="ActivityNotFoundException">There is none.</exception>
    public DefinitionGraph Get(string nodeId) => Find(nodeId) ?? throw new ActivityNotFoundException(nodeId);

    private DefinitionGraph? Find(string nodeId) =>
        NodeId == nodeId ? this : Children.Select(child => child.Find(nodeId)).FirstOrDefault(found => found is not null);

    private static IEnumerable<(JsonObject Activity, string Port)> ChildrenOf(JsonObject activity)
    {
        foreach (var (name, value) in activity)
        {
            var port = char.ToUpperInvariant(name[0]) + name[1..];
            foreach (var child in value is JsonArray activities && name == "activities" ? activities.AsEnumerable() : [value])
            {
                if (ActivityTree.IsActivity(child))
                    yield return ((JsonObject)child!, port);
            }
        }
    }
}
