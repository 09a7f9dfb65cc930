using System.Text.Json.Nodes;

namespace VmCluster.Host.Api;

/// <summary>An activity with all that is below it.</summary>
internal sealed record ActivityNodeModel(JsonObject Activity, string Port, string NodeId, IReadOnlyList<ActivityNodeModel> Children)
{
    // Studio finds parents by their children; a second copy of them would never end.
    public IReadOnlyList<ActivityNodeModel> Parents => [];

    public static ActivityNodeModel Of(DefinitionGraph node) => new((JsonObject)node.Activity.DeepClone(), node.Port, node.NodeId, [.. node.Children.Select(Of)]);
}

/// <summary>Where an activity is: the containers from the workflow down to it.</summary>
internal sealed record PathModel(ActivityNodeModel ChildNode, ActivityNodeModel Container, IReadOnlyList<PathSegmentModel> PathSegments)
{
    public static PathModel Of(DefinitionGraph node)
    {
        var segments = new List<PathSegmentModel>();
        for (var (child, parent) = (node, node.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            // Studio starts in the root's own canvas; only the slots on the way from there are steps.
            if (child.Port is not ("Root" or "Activities"))
                segments.Insert(0, new PathSegmentModel(parent.NodeId, (string)parent.Activity["id"]!, (string)parent.Activity["type"]!, child.Port));
        }

        return new PathModel(ActivityNodeModel.Of(node), ActivityNodeModel.Of(node.Parent ?? node), segments);
    }
}

internal sealed record PathSegmentModel(string ActivityNodeId, string ActivityId, string ActivityType, string PortName);
