namespace VmCluster.Workflows.Activities.Flowcharts;

/// <summary>How often a flowchart has visited its activities and connections, and which it followed last. Stored with its execution.</summary>
internal sealed class FlowScope
{
    public Dictionary<string, int> Activities { get; init; } = [];

    public Dictionary<string, Visits> Connections { get; init; } = [];

    public int VisitsOf(string activityId) => Activities.GetValueOrDefault(activityId);

    public Visits VisitsOf(Connection connection) => Connections.GetValueOrDefault(connection.Key);

    public void Visit(string activityId) => Activities[activityId] = VisitsOf(activityId) + 1;

    public void Visit(Connection connection, bool followed) => Connections[connection.Key] = new Visits(VisitsOf(connection).Count + 1, followed);
}

/// <summary>How often a connection was visited, and whether it was followed the last time.</summary>
internal readonly record struct Visits(int Count, bool Followed);
