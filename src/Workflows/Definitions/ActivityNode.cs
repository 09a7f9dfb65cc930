using System.Text.Json.Nodes;
using VmCluster.Workflows.Expressions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>An activity as a definition holds it: the JSON, and what of it the engine follows.</summary>
internal sealed class ActivityNode
{
    /// <summary>How an activity ends that names no outcome.</summary>
    public const string DefaultOutcome = "Done";

    private readonly Dictionary<string, Expression?> _inputs = new(StringComparer.OrdinalIgnoreCase);

    private ActivityNode(JsonObject source, string id, string type, string nodeId)
    {
        Source = source;
        Id = id;
        Type = type;
        NodeId = nodeId;
        Name = source.Text("name");
    }

    public JsonObject Source { get; }

    public string Id { get; }

    public string Type { get; }

    public int Version => Source["version"] is JsonValue value && value.TryGetValue<int>(out var version) ? version : 1;

    public string? Name { get; }

    /// <summary>What a designer shows on it.</summary>
    public string Label => (Source["metadata"] as JsonObject)?.Text("displayText") is { Length: > 0 } text ? text : Name ?? Id;

    /// <summary>The ids of all ancestors and the own one, joined with colons.</summary>
    public string NodeId { get; }

    public IReadOnlyList<ActivityNode> Activities { get; private init; } = [];

    /// <summary>Children in members of their own, such as <c>body</c>, by member name.</summary>
    public IReadOnlyDictionary<string, ActivityNode> Ports { get; private init; } = new Dictionary<string, ActivityNode>();

    public IReadOnlyList<VariableDefinition> Variables { get; private init; } = [];

    public IEnumerable<ActivityNode> Children => Activities.Concat(Ports.Values);

    public bool CanStartWorkflow => Source["customProperties"] is JsonObject custom && custom.Flag("canStartWorkflow");

    /// <summary>The node of the workflow itself, the parent of the definition's root.</summary>
    public static ActivityNode ParseWorkflow(JsonObject definition)
    {
        if (definition["root"] is not JsonObject root)
            throw new InvalidDefinitionException("The definition has no root activity: its member 'root' is missing or no object.");

        const string id = "Workflow1";
        return new ActivityNode(new JsonObject(Json.IgnoreCase), id, "Elsa.Workflow", id)
        {
            Ports = new Dictionary<string, ActivityNode>(StringComparer.OrdinalIgnoreCase) { ["root"] = Parse(root, id) },
            Variables = definition.Objects("variables").Select(VariableDefinition.Parse).ToList(),
        };
    }

    /// <summary>The expression of an input; null where the definition says nothing.</summary>
    public Expression? FindInput(string name)
    {
        lock (_inputs)
        {
            if (!_inputs.TryGetValue(name, out var expression))
                _inputs[name] = expression = Source.TryGetPropertyValue(Json.CamelCase(name), out var node) ? Expression.Parse(node) : null;

            return expression;
        }
    }

    /// <summary>The variable or workflow output that an output is bound to, if any.</summary>
    public string? FindOutputTarget(string name) =>
        Source[Json.CamelCase(name)] is JsonObject output && output["memoryReference"] is JsonObject reference ? reference.Text("id") : null;

    private static ActivityNode Parse(JsonObject source, string parentNodeId)
    {
        var type = source.Text("type") ?? throw new InvalidDefinitionException($"An activity in '{parentNodeId}' has no type.");
        var id = source.Text("id") ?? throw new InvalidDefinitionException($"An activity of type '{type}' in '{parentNodeId}' has no id.");
        var nodeId = $"{parentNodeId}:{id}";
        source["nodeId"] = nodeId;

        return new ActivityNode(source, id, type, nodeId)
        {
            Activities = source.Objects("activities").Select(child => Parse(child, nodeId)).ToList(),
            Ports = source
                .Where(member => ActivityTree.IsActivity(member.Value))
                .ToDictionary(member => member.Key, member => Parse((JsonObject)member.Value!, nodeId), StringComparer.OrdinalIgnoreCase),
            Variables = source.Objects("variables").Select(VariableDefinition.Parse).ToList(),
        };
    }
}
