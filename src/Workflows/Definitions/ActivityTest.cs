using System.Text.Json.Nodes;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>A definition that runs one activity of another one alone, with the values that a designer was given for a test.</summary>
public static class ActivityTest
{
    private const string RootId = "Test";

    /// <summary>Where the activity is in the definition that <see cref="DefinitionOf"/> makes.</summary>
    public static string NodeIdOf(string activityId) => $"Workflow1:{RootId}:{activityId}";

    /// <param name="definition">The definition that has the activity.</param>
    /// <param name="nodeId">The activity: the ids of all ancestors and the own one, joined with colons.</param>
    /// <returns>A definition as JSON, with an id of its own.</returns>
    /// <exception cref="ActivityNotFoundException">There is no such activity.</exception>
    public static string DefinitionOf(WorkflowDefinition definition, string nodeId)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (!definition.Graph.Nodes.TryGetValue(nodeId, out var node))
            throw new ActivityNotFoundException(nodeId);

        var test = (JsonObject)definition.Source.DeepClone();
        var values = (test["customProperties"] as JsonObject)?["VariableTestValues"] as JsonObject;
        foreach (var variable in test.Objects("variables"))
        {
            if (values?[variable.Text("id") ?? ""] is { } value)
                variable["value"] = value.DeepClone();
        }

        test.Remove("id");
        test["definitionId"] = $"{definition.DefinitionId}-test";
        test["name"] = $"Test of '{node.Label}'";
        test["root"] = new JsonObject { ["id"] = RootId, ["type"] = "Elsa.Sequence", ["version"] = 1, ["activities"] = new JsonArray(node.Source.DeepClone()) };
        return test.ToJsonString(Json.Options);
    }
}
