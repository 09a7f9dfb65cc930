using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Persistence;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>The stored definitions with their versions.</summary>
public sealed class DefinitionStore
{
    /// <summary>Members that say which version it is, not what it does.</summary>
    private static readonly string[] VersionMembers = ["id", "version", "isLatest", "isPublished", "createdAt", "toolVersion", "links"];

    private readonly WorkflowDatabase _database;
    private readonly TimeProvider _timeProvider;

    internal DefinitionStore(WorkflowDatabase database, TimeProvider timeProvider)
    {
        _database = database;
        _timeProvider = timeProvider;
    }

    /// <summary>Stores a definition given as Elsa's JSON as the latest, published version. The same content twice is one version.</summary>
    /// <exception cref="InvalidDefinitionException">The text is no definition; the message says where.</exception>
    public Task<WorkflowDefinition> ImportAsync(string json, CancellationToken cancellationToken = default) => StoreAsync(json, isShipped: false, cancellationToken);

    /// <summary>Stores a shipped definition unless a user has edited it: then the user's stays the published one.</summary>
    /// <exception cref="InvalidDefinitionException">The text is no definition; the message says where.</exception>
    public Task<WorkflowDefinition> SeedAsync(string json, CancellationToken cancellationToken = default) => StoreAsync(json, isShipped: true, cancellationToken);

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

    /// <summary>A version by its own id, also one that was deleted since: runs may be on it.</summary>
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

    private static WorkflowDefinition ToDefinition(DefinitionRow row) => WorkflowDefinition.Parse(row.Source) with
    {
        IsLatest = row.IsLatest,
        IsPublished = row.IsPublished,
        CreatedAt = row.CreatedAt,
        ChangedAt = row.ChangedAt,
        ChangedBy = row.ChangedBy,
    };

    private static string Hash(JsonObject source)
    {
        var content = (JsonObject)source.DeepClone();
        foreach (var member in VersionMembers)
            content.Remove(member);

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString(Json.Options))));
    }

    private async Task<WorkflowDefinition> StoreAsync(string json, bool isShipped, CancellationToken cancellationToken)
    {
        var given = WorkflowDefinition.Parse(json);
        var hash = Hash(given.Source);
        await using var context = await _database.OpenAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var versions = await context.Definitions.Where(row => row.DefinitionId == given.DefinitionId).OrderByDescending(row => row.Version).ToListAsync(cancellationToken);
        var published = versions.Find(row => row.IsPublished);
        if (published is not null && (published.ContentHash == hash || (isShipped && !published.IsShipped)))
            return ToDefinition(published);

        foreach (var row in versions)
            row.IsLatest = row.IsPublished = false;

        var version = versions.Count == 0 ? given.Version : versions[0].Version + 1;
        var id = versions.Count == 0 && !await context.Definitions.AnyAsync(row => row.Id == given.Id, cancellationToken) ? given.Id : $"{given.DefinitionId}-v{version}";
        given.Source["id"] = id;
        given.Source["definitionId"] = given.DefinitionId;
        given.Source["version"] = version;
        given.Source["isLatest"] = true;
        given.Source["isPublished"] = true;
        var added = new DefinitionRow
        {
            Id = id,
            DefinitionId = given.DefinitionId,
            Version = version,
            Name = given.Name,
            Description = given.Description,
            IsLatest = true,
            IsPublished = true,
            IsShipped = isShipped,
            ContentHash = hash,
            Source = given.Source.ToJsonString(Json.Options),
            CreatedAt = _timeProvider.GetUtcNow(),
        };
        context.Definitions.Add(added);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ToDefinition(added);
    }
}
