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

    private static FlowGraph GraphOf(ContainerContext context) => Graphs.GetValue(context.Node, node => new FlowGraph(node));

    private static void Continue(ContainerContext context, EndedChild child)
    {
        var flow = new Flow(context, GraphOf(context), context.GetMemory<FlowScope>() ?? new FlowScope());
        flow.Leave(child);
        context.SetMemory(flow.Scope);
        foreach (var (target, backward) in flow.Scheduled)
            context.Schedule(target, enteredBackward: backward);

        foreach (var target in flow.Scheduled.Select(scheduled => scheduled.Target).Where(target => target.Type == "Elsa.FlowJoin"))
            CancelAncestors(context, target);

        if (!context.HasLiveChildren)
            context.Complete();
    }

    private static void CancelAncestors(ContainerContext context, ActivityNode join)
    {
        var ancestors = GraphOf(context).Ancestors(join);
        foreach (var child in context.LiveChildren.Where(child => ancestors.Contains(child.Node)))
            context.CancelChild(child.ExecutionId);
    }

    /// <summary>One walk from a child that ended to the children that start, through all ways that are now known to be dead.</summary>
    private sealed class Flow(ContainerContext context, FlowGraph graph, FlowScope scope)
    {
        private readonly Queue<ActivityNode> _skipped = [];

        public FlowScope Scope => scope;

        public List<(ActivityNode Target, bool Backward)> Scheduled { get; } = [];

        public void Leave(EndedChild child)
        {
            Leave(child.Node, child.Outcomes, child.EnteredBackward);
            while (_skipped.TryDequeue(out var skipped))
                Leave(skipped, [], enteredBackward: false);
        }

        private void Leave(ActivityNode activity, IReadOnlyList<string>? outcomes, bool enteredBackward)
        {
            // An activity that a loop entered was not waited for, so its visit must not count against the next join.
            if (!enteredBackward)
                scope.Visit(activity.Id);

            foreach (var connection in graph.Outbound(activity))
            {
                var followed = connection.IsFollowedOn(outcomes);
                scope.Visit(connection, followed);
                if (!graph.IsBackward(connection))
                    Arrive(connection);
                else if (followed)
                    Loop(connection);
            }
        }

        private void Loop(Connection connection)
        {
            if (!graph.IsProperLoop(connection))
                throw new FlowchartException($"The connection from '{connection.Source.Id}' back to '{connection.Target.Id}' closes no proper loop: '{connection.Source.Id}' can be reached without passing '{connection.Target.Id}'. Lead it back to a step that every way passes.");

            Scheduled.Add((connection.Target, true));
        }

        private void Arrive(Connection connection)
        {
            var target = connection.Target;
            var inbound = graph.ForwardInbound(target).Select(scope.VisitsOf).ToList();
            var mode = target.Type == "Elsa.FlowJoin" ? context.EvaluateInput<FlowJoinMode?>(target, "mode") ?? FlowJoinMode.WaitAny : FlowJoinMode.WaitAllActive;
            if (mode == FlowJoinMode.WaitAny)
            {
                ArriveAtFirst(connection, inbound);
                return;
            }

            if (inbound.Min(visits => visits.Count) <= scope.VisitsOf(target.Id))
                return;

            var latest = inbound.Max(visits => visits.Count);
            var runs = mode == FlowJoinMode.WaitAll
                ? inbound.All(visits => visits.Followed)
                : inbound.Any(visits => visits.Followed && visits.Count == latest);
            if (runs)
                Scheduled.Add((target, false));
            else
                _skipped.Enqueue(target);
        }

        private void ArriveAtFirst(Connection connection, List<Visits> inbound)
        {
            var target = connection.Target;
            if (scope.VisitsOf(connection).Count <= scope.VisitsOf(target.Id) || context.LiveChildren.Any(child => child.Node == target) || Scheduled.Exists(scheduled => scheduled.Target == target))
                return;

            if (inbound.Exists(visits => visits.Followed))
                Scheduled.Add((target, false));
            else if (inbound.TrueForAll(visits => visits.Count > 0))
                _skipped.Enqueue(target);
        }
    }
}
