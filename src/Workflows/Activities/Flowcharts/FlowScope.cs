namespace VmCluster.Workflows.Activities.Flowcharts;

/// <summary>
/// How often a flowchart has left its activities, and with which outcomes the last time. Stored with its execution. It
/// knows nothing of connections: a new version of the definition may have others.
/// </summary>
internal sealed class FlowScope
{
    public Dictionary<string, Visits> Activities { get; init; } = [];

    public int VisitsOf(string activityId) => Activities.GetValueOrDefault(activityId).Count;

    /// <summary>How often a connection was passed, taken or not.</summary>
    public int PassesOf(Connection connection) => Activities.GetValueOrDefault(connection.Source.Id).Leaves;

    /// <summary>Whether a connection was taken when it was last passed.</summary>
    public bool IsFollowed(Connection connection) =>
        Activities.TryGetValue(connection.Source.Id, out var source) && connection.IsFollowedOn(source.Outcomes);

    public void Leave(string activityId, IReadOnlyList<string>? outcomes, bool enteredBackward)
    {
        var visits = Activities.GetValueOrDefault(activityId);

        // An activity that a loop entered was not waited for, so its visit must not count against the next join.
        Activities[activityId] = new Visits(enteredBackward ? visits.Count : visits.Count + 1, visits.Leaves + 1, outcomes);
    }
}

/// <summary>How often an activity was entered forward and ended, how often it ended at all, and how the last time: null for the default outcome.</summary>
internal readonly record struct Visits(int Count, int Leaves, IReadOnlyList<string>? Outcomes);
