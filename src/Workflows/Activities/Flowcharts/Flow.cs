using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities.Flowcharts;

/// <summary>One walk through a flowchart from what has ended to what starts, through all ways that are now known to be dead.</summary>
internal sealed class Flow(ContainerContext context, FlowGraph graph)
{
    private readonly FlowScope _scope = context.GetMemory<FlowScope>() ?? new FlowScope();
    private readonly Queue<ActivityNode> _skipped = [];
    private readonly List<(ActivityNode Target, bool Backward)> _scheduled = [];

    /// <summary>What the run has come to or gone beyond: it is not to be started by connections that are new. Null while nothing is new.</summary>
    private HashSet<ActivityNode>? _reached;

    public void Leave(EndedChild child)
    {
        Leave(child.Node, child.Outcomes, child.EnteredBackward);
        Drain();
    }

    /// <summary>
    /// After connections have changed: starts what now has all that it waits for. What was put before a place that the
    /// run has reached is passed by, like a way not taken.
    /// </summary>
    public void CatchUp()
    {
        _reached = graph.Reachable.Where(IsReached).ToHashSet();
        if (graph.Start is { } start && !_reached.Contains(start))
            Skip(start);

        int before;
        do
        {
            before = _scope.Activities.Values.Sum(visits => visits.Leaves);
            foreach (var connection in graph.Reachable.SelectMany(graph.ForwardInbound))
            {
                Arrive(connection);
                Drain();
            }
        }
        while (_scope.Activities.Values.Sum(visits => visits.Leaves) > before);
    }

    /// <summary>Why a run cannot go on with these connections from where it stands.</summary>
    /// <param name="known">The connections of the version before.</param>
    public IEnumerable<string> Objections(IReadOnlySet<(string Source, string Target)> known)
    {
        foreach (var loop in graph.Backward.Where(loop => !graph.IsProperLoop(loop)))
            yield return $"'{loop.Source.Id}' leads back to '{loop.Target.Id}', which not every way passes";

        foreach (var child in context.LiveChildren.Where(child => !graph.Reachable.Contains(child.Node)))
            yield return $"no way leads to '{child.Node.Id}' any more, where the run stands";

        var late = from child in context.LiveChildren
                   from connection in graph.ForwardInbound(child.Node)
                   where !known.Contains((connection.Source.Id, connection.Target.Id)) && _scope.PassesOf(connection) <= _scope.VisitsOf(child.Node.Id)
                   select connection;
        foreach (var connection in late)
            yield return $"'{connection.Source.Id}' has not run and leads to '{connection.Target.Id}' now, where the run stands already";
    }

    /// <summary>Stores where the flowchart is, and starts what follows.</summary>
    public void Apply()
    {
        context.SetMemory(_scope);
        foreach (var (target, backward) in _scheduled)
            context.Schedule(target, enteredBackward: backward);

        foreach (var target in _scheduled.Select(scheduled => scheduled.Target).Where(target => target.Type == FlowJoin.TypeName))
            CancelAncestors(target);

        if (!context.HasLiveChildren)
            context.Complete();
    }

    private bool IsReached(ActivityNode activity) => IsLive(activity) || _scope.Activities.ContainsKey(activity.Id);

    private bool IsLive(ActivityNode activity) => context.LiveChildren.Any(child => child.Node == activity);

    private void Leave(ActivityNode activity, IReadOnlyList<string>? outcomes, bool enteredBackward)
    {
        _scope.Leave(activity.Id, outcomes, enteredBackward);
        foreach (var connection in graph.Outbound(activity))
        {
            if (!graph.IsBackward(connection))
                Arrive(connection);
            else if (connection.IsFollowedOn(outcomes))
                Loop(connection);
        }
    }

    private void Skip(ActivityNode activity) => _skipped.Enqueue(activity);

    private void Drain()
    {
        while (_skipped.TryDequeue(out var skipped))
            Leave(skipped, [], enteredBackward: false);
    }

    private void Loop(Connection connection)
    {
        if (!graph.IsProperLoop(connection))
            throw new FlowchartException($"The connection from '{connection.Source.Id}' back to '{connection.Target.Id}' closes no proper loop: '{connection.Source.Id}' can be reached without passing '{connection.Target.Id}'. Lead it back to a step that every way passes.");

        _scheduled.Add((connection.Target, true));
    }

    private void Arrive(Connection connection)
    {
        var target = connection.Target;
        if (_reached is not null && (IsLive(target) || IsScheduled(target)))
            return;

        switch (Decide(connection, target))
        {
            case true when _reached is not null && graph.Leads(target, _reached):
            case false:
                Skip(target);
                break;
            case true:
                _scheduled.Add((target, false));
                break;
        }
    }

    /// <summary>Whether an activity runs (true), never will (false), or still waits.</summary>
    private bool? Decide(Connection connection, ActivityNode target)
    {
        var inbound = graph.ForwardInbound(target);
        var visits = _scope.VisitsOf(target.Id);
        var mode = target.Type == FlowJoin.TypeName ? context.EvaluateInput<FlowJoinMode?>(target, nameof(FlowJoin.Mode)) ?? FlowJoinMode.WaitAny : FlowJoinMode.WaitAllActive;
        if (mode == FlowJoinMode.WaitAny)
        {
            if (_scope.PassesOf(connection) <= visits || IsLive(target) || IsScheduled(target))
                return null;

            return inbound.Any(_scope.IsFollowed) ? true : inbound.All(way => _scope.PassesOf(way) > 0) ? false : null;
        }

        if (inbound.Min(_scope.PassesOf) <= visits)
            return null;

        var latest = inbound.Max(_scope.PassesOf);
        return mode == FlowJoinMode.WaitAll
            ? inbound.All(_scope.IsFollowed)
            : inbound.Any(way => _scope.IsFollowed(way) && _scope.PassesOf(way) == latest);
    }

    private bool IsScheduled(ActivityNode activity) => _scheduled.Exists(scheduled => scheduled.Target == activity);

    private void CancelAncestors(ActivityNode join)
    {
        var ancestors = graph.Ancestors(join);
        foreach (var child in context.LiveChildren.Where(child => ancestors.Contains(child.Node)))
            context.CancelChild(child.ExecutionId);
    }
}
