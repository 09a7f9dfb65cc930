using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Persistence;

/// <summary>What a list of runs is to hold, and in which order. Empty collections and nulls ask for nothing.</summary>
public sealed record RunFilter
{
    /// <summary>A part of the id, the name, the definition's id or the correlation id.</summary>
    public string? SearchTerm { get; init; }

    public IReadOnlyCollection<string> Ids { get; init; } = [];
    public IReadOnlyCollection<string> DefinitionIds { get; init; } = [];
    public IReadOnlyCollection<string> DefinitionVersionIds { get; init; } = [];
    public IReadOnlyCollection<string> CorrelationIds { get; init; } = [];
    public IReadOnlyCollection<string> Names { get; init; } = [];
    public int? Version { get; init; }
    public bool? HasIncidents { get; init; }
    public IReadOnlyCollection<WorkflowStatus> Statuses { get; init; } = [];
    public IReadOnlyCollection<WorkflowSubStatus> SubStatuses { get; init; } = [];
    public IReadOnlyCollection<TimestampFilter> Timestamps { get; init; } = [];
    public RunOrder OrderBy { get; init; }
    public bool IsDescending { get; init; } = true;
    public int Skip { get; init; }
    public int Take { get; init; } = int.MaxValue;

    internal IQueryable<InstanceRow> Apply(WorkflowDbContext context)
    {
        var rows = context.Instances.Where(row => row.DeletedAt == null);
        if (Like.Containing(SearchTerm) is { } pattern)
        {
            rows = rows.Where(row =>
                EF.Functions.Like(row.Id, pattern, Like.Escape) || EF.Functions.Like(row.Name, pattern, Like.Escape)
                || EF.Functions.Like(row.DefinitionId, pattern, Like.Escape) || EF.Functions.Like(row.CorrelationId, pattern, Like.Escape));
        }

        if (Ids.Count > 0)
            rows = rows.Where(row => Ids.Contains(row.Id));
        if (DefinitionIds.Count > 0)
            rows = rows.Where(row => DefinitionIds.Contains(row.DefinitionId));
        if (DefinitionVersionIds.Count > 0)
            rows = rows.Where(row => DefinitionVersionIds.Contains(row.DefinitionVersionId));
        if (CorrelationIds.Count > 0)
            rows = rows.Where(row => CorrelationIds.Contains(row.CorrelationId!));
        if (Names.Count > 0)
            rows = rows.Where(row => Names.Contains(row.Name!));
        if (Version is { } version)
            rows = rows.Where(row => row.Version == version);
        if (HasIncidents is { } hasIncidents)
            rows = rows.Where(row => context.Incidents.Any(incident => incident.InstanceId == row.Id) == hasIncidents);

        if (Statuses.Select(status => status.ToString()).ToList() is { Count: > 0 } statuses)
            rows = rows.Where(row => statuses.Contains(row.Status));
        if (SubStatuses.Select(status => status.ToString()).ToList() is { Count: > 0 } subStatuses)
            rows = rows.Where(row => subStatuses.Contains(row.SubStatus));

        return Timestamps.Aggregate(rows, (query, filter) => filter.Apply(query));
    }

    internal IQueryable<InstanceRow> PageOf(IQueryable<InstanceRow> rows)
    {
        var ordered = (OrderBy, IsDescending) switch
        {
            (RunOrder.LastExecuted, false) => rows.OrderBy(row => row.UpdatedAt),
            (RunOrder.LastExecuted, true) => rows.OrderByDescending(row => row.UpdatedAt),
            (RunOrder.Finished, false) => rows.OrderBy(row => row.FinishedAt),
            (RunOrder.Finished, true) => rows.OrderByDescending(row => row.FinishedAt),
            (RunOrder.Name, false) => rows.OrderBy(row => row.Name),
            (RunOrder.Name, true) => rows.OrderByDescending(row => row.Name),
            (_, false) => rows.OrderBy(row => row.CreatedAt),
            (_, true) => rows.OrderByDescending(row => row.CreatedAt),
        };
        return ordered.ThenBy(row => row.Id).Skip(Skip).Take(Take);
    }
}

/// <summary>What runs are sorted by.</summary>
public enum RunOrder
{
    Created,
    LastExecuted,
    Finished,
    Name,
}
