namespace VmCluster.Workflows.Persistence;

/// <summary>Which rows of a journal are asked for. Empty collections ask for nothing.</summary>
public sealed record JournalFilter
{
    public IReadOnlyCollection<string> ActivityIds { get; init; } = [];
    public IReadOnlyCollection<string> ActivityNodeIds { get; init; } = [];
    public IReadOnlyCollection<string> ExcludedActivityTypes { get; init; } = [];
    public IReadOnlyCollection<string> EventNames { get; init; } = [];
    public int Skip { get; init; }
    public int Take { get; init; } = int.MaxValue;

    internal IQueryable<JournalRow> Apply(IQueryable<JournalRow> rows)
    {
        if (ActivityIds.Count > 0)
            rows = rows.Where(row => ActivityIds.Contains(row.ActivityId));
        if (ActivityNodeIds.Count > 0)
            rows = rows.Where(row => ActivityNodeIds.Contains(row.ActivityNodeId));
        if (ExcludedActivityTypes.Count > 0)
            rows = rows.Where(row => !ExcludedActivityTypes.Contains(row.ActivityType));
        if (EventNames.Count > 0)
            rows = rows.Where(row => EventNames.Contains(row.EventName));

        return rows;
    }
}
