using System.Text.Json.Nodes;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>The activities of a definition version, ready to be run.</summary>
internal sealed class WorkflowGraph
{
    public WorkflowGraph(JsonObject source)
    {
        Workflow = ActivityNode.ParseWorkflow(source);
        Add(Workflow);
        Outputs = source.Objects("outputs").Select(output => output.Text("name")).OfType<string>().ToHashSet(StringComparer.OrdinalIgnoreCase);
        Strategy = ParseStrategy((source["options"] as JsonObject)?.Text("incidentStrategyType"));
    }

    public ActivityNode Workflow { get; }

    public Dictionary<string, ActivityNode> Nodes { get; } = [];

    public IReadOnlySet<string> Outputs { get; }

    /// <summary>The strategy that the definition names; null where the host's default applies.</summary>
    public IncidentStrategy? Strategy { get; }

    /// <summary>The node id of the container; null for the workflow itself.</summary>
    public static string? ParentOf(string nodeId) => nodeId.LastIndexOf(':') is > 0 and var end ? nodeId[..end] : null;

    private static IncidentStrategy? ParseStrategy(string? typeName) => typeName switch
    {
        null or "" => null,
        _ when typeName.Contains("ContinueWithIncidents", StringComparison.Ordinal) => IncidentStrategy.ContinueWithIncidents,
        _ when typeName.Contains("FaultStrategy", StringComparison.Ordinal) => IncidentStrategy.Fault,
        _ => null,
    };

    private void Add(ActivityNode node)
    {
        if (!Nodes.TryAdd(node.NodeId, node))
            throw new InvalidDefinitionException($"Two activities have the id '{node.Id}' in the same container ('{node.NodeId}'). Give one of them another id.");

        foreach (var child in node.Children)
            Add(child);
    }
}
