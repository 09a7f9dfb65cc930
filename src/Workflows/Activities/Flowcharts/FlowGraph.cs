using VmCluster.Workflows.Definitions;

namespace VmCluster.Workflows.Activities.Flowcharts;

/// <summary>A flowchart's connections, told apart into forward and backward ones (those that close a loop).</summary>
internal sealed class FlowGraph
{
    private readonly ILookup<ActivityNode, Connection> _outbound;
    private readonly Dictionary<ActivityNode, List<Connection>> _forwardInbound = [];
    private readonly Dictionary<ActivityNode, List<Connection>> _forwardOutbound = [];
    private readonly HashSet<Connection> _backward = [];
    private readonly List<ActivityNode> _reachable = [];

    public FlowGraph(ActivityNode flowchart)
    {
        var connections = Connection.ParseAll(flowchart);
        _outbound = connections.ToLookup(connection => connection.Source);
        Start = FindStart(flowchart, connections);
        if (Start is not null)
            Classify(Start);
    }

    /// <summary>Where the flowchart begins; null where it is empty.</summary>
    public ActivityNode? Start { get; }

    /// <summary>All activities to which a way leads from the start, the nearest first.</summary>
    public IReadOnlyList<ActivityNode> Reachable => _reachable;

    public IEnumerable<Connection> Outbound(ActivityNode activity) => _outbound[activity];

    /// <summary>Forward connections into an activity from activities that the start can reach.</summary>
    public IReadOnlyList<Connection> ForwardInbound(ActivityNode activity) => _forwardInbound.GetValueOrDefault(activity) ?? [];

    /// <summary>The connections that close a loop.</summary>
    public IReadOnlyCollection<Connection> Backward => _backward;

    public bool IsBackward(Connection connection) => _backward.Contains(connection);

    /// <summary>A loop is proper if its target cannot be bypassed on any way from the start to its source.</summary>
    public bool IsProperLoop(Connection backward) =>
        backward.Target == Start || backward.Source == backward.Target || !Reaches(Start!, backward.Source, without: backward.Target);

    /// <summary>Whether forward connections lead from an activity to one of others.</summary>
    public bool Leads(ActivityNode from, IEnumerable<ActivityNode> to) => to.Any(target => target == from || Reaches(from, target));

    /// <summary>All activities from which forward connections lead to this one.</summary>
    public IReadOnlySet<ActivityNode> Ancestors(ActivityNode activity)
    {
        var ancestors = new HashSet<ActivityNode>();
        var open = new Stack<ActivityNode>([activity]);
        while (open.TryPop(out var node))
        {
            foreach (var source in ForwardInbound(node).Select(connection => connection.Source))
            {
                if (ancestors.Add(source))
                    open.Push(source);
            }
        }

        return ancestors;
    }

    private static ActivityNode? FindStart(ActivityNode flowchart, IReadOnlyList<Connection> connections)
    {
        var targets = connections.Select(connection => connection.Target).ToHashSet();
        return flowchart.Activities.FirstOrDefault(activity => activity.Type == "Elsa.Start")
            ?? flowchart.Activities.FirstOrDefault(activity => activity.CanStartWorkflow)
            ?? flowchart.Activities.FirstOrDefault(activity => !targets.Contains(activity))
            ?? (flowchart.Activities is [var first, ..] ? first : null);
    }

    private void Classify(ActivityNode start)
    {
        var seen = new HashSet<ActivityNode> { start };
        var open = new Queue<ActivityNode>([start]);
        while (open.TryDequeue(out var node))
        {
            _reachable.Add(node);
            foreach (var connection in _outbound[node])
            {
                if (connection.Target == node || Reaches(connection.Target, node))
                {
                    _backward.Add(connection);
                    continue;
                }

                Add(_forwardOutbound, node, connection);
                Add(_forwardInbound, connection.Target, connection);
                if (seen.Add(connection.Target))
                    open.Enqueue(connection.Target);
            }
        }
    }

    private static void Add(Dictionary<ActivityNode, List<Connection>> lists, ActivityNode key, Connection connection)
    {
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = [];

        list.Add(connection);
    }

    private bool Reaches(ActivityNode from, ActivityNode to, ActivityNode? without = null)
    {
        var seen = new HashSet<ActivityNode> { from };
        var open = new Stack<ActivityNode>([from]);
        while (open.TryPop(out var node))
        {
            if (node == to)
                return true;

            foreach (var connection in _forwardOutbound.GetValueOrDefault(node) ?? [])
            {
                if (connection.Target != without && seen.Add(connection.Target))
                    open.Push(connection.Target);
            }
        }

        return false;
    }
}
