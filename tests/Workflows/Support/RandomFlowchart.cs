namespace VmCluster.Workflows.Tests.Support;

/// <summary>Flowcharts that nobody would draw: forks, joins of all modes, short cuts, containers, loops.</summary>
internal sealed class RandomFlowchart
{
    private static readonly string[] JoinModes = ["WaitAny", "WaitAll", "WaitAllActive"];

    private readonly List<(string Id, string Json)> _activities = [];
    private readonly List<string> _connections = [];
    private readonly string _id;
    private int _version = 1;

    public RandomFlowchart(Random random, string id = "chart", int depth = 0)
    {
        _id = id;
        var count = random.Next(2, 8);
        for (var target = 0; target < count; target++)
        {
            _activities.Add(Activity($"{id}-{target}", random, depth, isFirst: target == 0));
            foreach (var source in Enumerable.Range(0, target).Where(source => source == target - 1 || random.Next(3) == 0))
                Connect(source, target, random);
        }

        // A way back to the start is always a proper loop; by this outcome it is not taken for ever.
        if (random.Next(4) == 0)
            _connections.Add($"{_activities[^1].Id}:Rejected -> {_activities[0].Id}");
    }

    public string Definition => WorkflowJson.Of(Json).Insert(1, $"\"version\": {_version}, \"id\": \"v{_version}\", ");

    private string Json => WorkflowJson.FlowchartOf(_id, [.. _activities.Select(activity => activity.Json)], [.. _connections]);

    /// <summary>A new version: steps put anywhere, connections added and removed, none of them backward.</summary>
    public string Change(Random random)
    {
        _version++;
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var target = random.Next(1, _activities.Count);
            switch (random.Next(3))
            {
                case 0:
                    _activities.Insert(target, Activity($"{_id}-added-{_version}-{change}", random, depth: 2, isFirst: false));
                    Connect(random.Next(target), target, random);
                    if (target + 1 < _activities.Count)
                        Connect(target, random.Next(target + 1, _activities.Count), random);

                    break;
                case 1 when _connections.Count > 1:
                    _connections.RemoveAt(random.Next(_connections.Count));
                    break;
                default:
                    Connect(random.Next(target), target, random);
                    break;
            }
        }

        return Definition;
    }

    private void Connect(int source, int target, Random random) => _connections.Add($"{_activities[source].Id}{(random.Next(4) == 0 ? ":Rejected" : "")} -> {_activities[target].Id}");

    private static (string Id, string Json) Activity(string id, Random random, int depth, bool isFirst) => (id, random.Next(isFirst || depth > 1 ? 5 : 9) switch
    {
        4 when !isFirst => WorkflowJson.Activity(id, "Elsa.FlowJoin", ("mode", WorkflowJson.Literal(JoinModes[random.Next(3)]))),
        6 => WorkflowJson.SequenceOf(id, WorkflowJson.Work($"{id}-a"), WorkflowJson.Work($"{id}-b")),
        7 => WorkflowJson.Activity(id, "Elsa.ParallelForEach", ("items", """{"expression": {"type": "Object", "value": [1, 2, 3]} }"""), ("body", WorkflowJson.Work($"{id}-body"))),
        8 => new RandomFlowchart(random, id, depth + 1).Json,
        _ => WorkflowJson.Work(id),
    });
}
