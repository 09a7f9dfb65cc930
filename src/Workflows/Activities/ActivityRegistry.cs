using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Workflows.Activities.Flowcharts;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Workflows.Activities;

/// <summary>The activity types that this host can run, by type name.</summary>
public sealed class ActivityRegistry
{
    private readonly Dictionary<string, ActivityDescriptor> _descriptors = new(StringComparer.Ordinal);

    internal ActivityRegistry(IServiceProvider services, IEnumerable<Assembly> assemblies)
    {
        foreach (var type in assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()))
        {
            if (type.IsDefined(typeof(ActivityAttribute), inherit: false))
                Add(new ActivityDescriptor(type, (Activity)ActivatorUtilities.CreateInstance(services, type)));
        }
    }

    public IReadOnlyCollection<ActivityDescriptor> Descriptors => _descriptors.Values;

    public ActivityDescriptor? Find(string typeName) => _descriptors.GetValueOrDefault(typeName);

    /// <summary>The outcomes with which an activity of a definition can end: those of its type, and those that connections leave it by.</summary>
    /// <param name="definition">The definition version that has it.</param>
    /// <param name="activityNodeId">Its node id there.</param>
    public IReadOnlyList<string> OutcomesOf(WorkflowDefinition definition, string activityNodeId)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition.Graph.Nodes.TryGetValue(activityNodeId, out var node) ? OutcomesOf(node, definition.Graph) : [];
    }

    internal IReadOnlyList<string> OutcomesOf(ActivityNode node, WorkflowGraph graph)
    {
        var connected = WorkflowGraph.ParentOf(node.NodeId) is { } parent ? Connection.ParseAll(graph.Nodes[parent]).Where(connection => connection.Source == node) : [];
        return (Find(node.Type)?.FlowPorts ?? [ActivityNode.DefaultOutcome]).Union(connected.Select(connection => connection.Port ?? ActivityNode.DefaultOutcome), StringComparer.Ordinal).ToList();
    }

    /// <summary>A fresh instance for one attempt, with its inputs and outputs named.</summary>
    internal Activity Create(ActivityNode node, IServiceProvider services)
    {
        var descriptor = _descriptors[node.Type];
        var activity = (Activity)ActivatorUtilities.CreateInstance(services, descriptor.ClrType);
        descriptor.Prepare(activity, node);
        return activity;
    }

    private void Add(ActivityDescriptor descriptor) => _descriptors.Add(descriptor.TypeName, descriptor);
}
