using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Workflows.Definitions;

/// <summary>The stored definitions with their versions.</summary>
public sealed partial class DefinitionStore
{
    private readonly WorkflowDatabase _database;
    private readonly TimeProvider _timeProvider;
    private readonly DefinitionCheck _check;

    internal DefinitionStore(WorkflowDatabase database, TimeProvider timeProvider, DefinitionCheck check)
    {
        _database = database;
        _timeProvider = timeProvider;
        _check = check;
    }

    /// <summary>The published version, by definition id or by name.</summary>
    public async Task<WorkflowDefinition?> FindPublishedAsync(string definitionIdOrName, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        if (context is null)
            return null;

        var published = context.Definitions.AsNoTracking().Where(row => row.IsPublished && row.DeletedAt == null);
        var row = await published.FirstOrDefaultAsync(row => row.DefinitionId == definitionIdOrName, cancellationToken)
            ?? await published.OrderByDescending(row => row.CreatedAt).FirstOrDefaultAsync(row => row.Name == definitionIdOrName, cancellationToken);
        return row is null ? null : ToDefinition(row);
    }

    /// <summary>A version by its own id, also one that was deleted or came with an imported run: runs are on it.</summary>
    public async Task<WorkflowDefinition?> FindVersionAsync(string versionId, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        var row = context is null ? null : await context.Definitions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == versionId, cancellationToken);
        return row is null ? null : ToDefinition(row);
    }

    /// <summary>The newest of the versions that are meant.</summary>
    public async Task<WorkflowDefinition?> FindAsync(string definitionId, VersionOptions versions, CancellationToken cancellationToken = default)
    {
        var filter = new DefinitionFilter { DefinitionIds = [definitionId], Versions = versions, OrderBy = DefinitionOrder.Version, IsDescending = true, Take = 1 };
        return (await ListAsync(filter, cancellationToken)).Items.SingleOrDefault();
    }

    /// <summary>As <see cref="FindAsync"/>.</summary>
    /// <exception cref="DefinitionNotFoundException">There is none.</exception>
    public async Task<WorkflowDefinition> GetAsync(string definitionId, VersionOptions versions, CancellationToken cancellationToken = default) =>
        await FindAsync(definitionId, versions, cancellationToken) ?? throw new DefinitionNotFoundException(definitionId);

    /// <summary>As <see cref="FindVersionAsync"/>.</summary>
    /// <exception cref="DefinitionNotFoundException">There is none.</exception>
    public async Task<WorkflowDefinition> GetVersionAsync(string versionId, CancellationToken cancellationToken = default) =>
        await FindVersionAsync(versionId, cancellationToken) ?? throw new DefinitionNotFoundException(versionId);

    /// <summary>One page of the versions that a filter lets through.</summary>
    public async Task<Page<WorkflowDefinition>> ListAsync(DefinitionFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        if (context is null)
            return new Page<WorkflowDefinition>([], 0);

        var matching = filter.Apply(context.Definitions.AsNoTracking());
        var rows = await filter.PageOf(matching).ToListAsync(cancellationToken);
        return new Page<WorkflowDefinition>(rows.ConvertAll(ToDefinition), await matching.CountAsync(cancellationToken));
    }

    /// <summary>No other definition has this name.</summary>
    public async Task<bool> IsNameUniqueAsync(string name, string? exceptDefinitionId = null, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is null
            || !await context.Definitions.AnyAsync(row => row.IsLatest && row.DeletedAt == null && row.Name == name && row.DefinitionId != exceptDefinitionId, cancellationToken);
    }

    internal static WorkflowDefinition ToDefinition(DefinitionRow row) => WorkflowDefinition.Parse(row.Source) with
    {
        IsLatest = row.IsLatest,
        IsPublished = row.IsPublished,
        CreatedAt = row.CreatedAt,
        ChangedAt = row.ChangedAt,
        ChangedBy = row.ChangedBy,
    };
}
