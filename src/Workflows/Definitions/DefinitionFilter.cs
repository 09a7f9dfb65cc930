using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Workflows.Definitions;

/// <summary>What a list of definitions is to hold, and in which order. Empty collections ask for nothing.</summary>
public sealed record DefinitionFilter
{
    public VersionOptions Versions { get; init; } = VersionOptions.AllVersions;
    public IReadOnlyCollection<string> DefinitionIds { get; init; } = [];

    /// <summary>Version ids. Asked for by these, those are found too that were deleted or came with an imported run: runs of them are shown.</summary>
    public IReadOnlyCollection<string> Ids { get; init; } = [];

    /// <summary>A part of the name, the description or an id.</summary>
    public string? SearchTerm { get; init; }

    public DefinitionOrder OrderBy { get; init; }
    public bool IsDescending { get; init; }
    public int Skip { get; init; }
    public int Take { get; init; } = int.MaxValue;

    internal IQueryable<DefinitionRow> Apply(IQueryable<DefinitionRow> rows)
    {
        rows = rows.Where(Versions.Filter());
        rows = Ids.Count > 0 ? rows.Where(row => Ids.Contains(row.Id)) : rows.Where(row => row.DeletedAt == null && row.ImportedAt == null);
        if (DefinitionIds.Count > 0)
            rows = rows.Where(row => DefinitionIds.Contains(row.DefinitionId));

        if (Like.Containing(SearchTerm) is { } pattern)
        {
            rows = rows.Where(row =>
                EF.Functions.Like(row.Name, pattern, Like.Escape) || EF.Functions.Like(row.Description, pattern, Like.Escape)
                || EF.Functions.Like(row.DefinitionId, pattern, Like.Escape) || EF.Functions.Like(row.Id, pattern, Like.Escape));
        }

        return rows;
    }

    internal IQueryable<DefinitionRow> PageOf(IQueryable<DefinitionRow> rows)
    {
        var ordered = (OrderBy, IsDescending) switch
        {
            (DefinitionOrder.Version, false) => rows.OrderBy(row => row.Version),
            (DefinitionOrder.Version, true) => rows.OrderByDescending(row => row.Version),
            (DefinitionOrder.Created, false) => rows.OrderBy(row => row.CreatedAt),
            (DefinitionOrder.Created, true) => rows.OrderByDescending(row => row.CreatedAt),
            (_, false) => rows.OrderBy(row => row.Name),
            (_, true) => rows.OrderByDescending(row => row.Name),
        };
        return ordered.ThenBy(row => row.DefinitionId).ThenBy(row => row.Version).Skip(Skip).Take(Take);
    }
}

/// <summary>What definitions are sorted by.</summary>
public enum DefinitionOrder
{
    Name,
    Version,
    Created,
}
