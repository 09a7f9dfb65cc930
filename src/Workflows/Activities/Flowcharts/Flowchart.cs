using System.Runtime.CompilerServices;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities.Flowcharts;

/// <summary>
/// Runs its children along connections. An activity with several inbound connections waits for all that can still
/// arrive; ways that were not taken count as arrived and lead to nothing.
/// </summary>
[Activity("Elsa", "Workflows", "Runs activities along connections.")]
public sealed class Flowchart : Container
{
    private static readonly ConditionalWeakTable<ActivityNode, FlowGraph> Graphs = [];

    internal override void OnStarted(ContainerContext context)
    {
        if (GraphOf(context).Start is { } start)
            context.Schedule(start);
        else
            context.Complete();
    }

    internal override void OnChildCompleted(ContainerContext context, EndedChild child) => Continue(context, child);

    /// <summary>A cancelled child is passed by like a way not taken, so that joins behind it do not hang.</summary>
    internal override void OnChildCanceled(ContainerContext context, EndedChild child) => Continue(context, child with { Outcomes = [] });

    /// <inheritdoc/>
    internal override IEnumerable<string> OnMigrated(ContainerContext context, ActivityNode before)
    {
        var flow = new Flow(context, GraphOf(context));
        flow.CatchUp();
        var known = Connection.ParseAll(before).Select(connection => (connection.Source.Id, connection.Target.Id)).ToHashSet();
        var objections = flow.Objections(known).ToList();
        if (objections.Count == 0)
            flow.Apply();

        return objections;
    }

    private static FlowGraph GraphOf(ContainerContext context) => Graphs.GetValue(context.Node, node => new FlowGraph(node));

    private static void Continue(ContainerContext context, EndedChild child)
    {
        var flow = new Flow(context, GraphOf(context));
        flow.Leave(child);
        flow.Apply();
    }
}
