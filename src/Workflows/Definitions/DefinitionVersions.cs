using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Persistence;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>
/// The versions of one definition within a transaction, with Elsa's rules: one is the latest, at most one is published, and
/// saving a published one begins a draft. Beyond these, a version that a run is on never changes, and what is deleted is only
/// marked so.
/// </summary>
internal sealed class DefinitionVersions
{
    /// <summary>Members that say which version it is, not what it does.</summary>
    private static readonly string[] VersionMembers = ["id", "version", "isLatest", "isPublished", "createdAt", "toolVersion"];

    private readonly WorkflowDbContext _context;
    private readonly string _definitionId;
    private readonly string? _by;
    private readonly DateTimeOffset _now;

    /// <summary>The newest first, deleted ones included.</summary>
    private readonly List<DefinitionRow> _rows;

    private DefinitionVersions(WorkflowDbContext context, string definitionId, string? by, DateTimeOffset now, List<DefinitionRow> rows)
    {
        _context = context;
        _definitionId = definitionId;
        _by = by;
        _now = now;
        _rows = rows;
    }

    public DefinitionRow? Latest => _rows.Find(row => row.IsLatest);

    private DefinitionRow? Published => _rows.Find(row => row.IsPublished);

    public static async Task<DefinitionVersions> LoadAsync(WorkflowDbContext context, string definitionId, string? by, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await context.Definitions.Where(row => row.DefinitionId == definitionId && row.ImportedAt == null).OrderByDescending(row => row.Version).ToListAsync(cancellationToken);
        return new DefinitionVersions(context, definitionId, by, now, rows);
    }

    /// <summary>What a definition does, whichever version it is.</summary>
    public static JsonObject ContentOf(JsonObject source)
    {
        var content = (JsonObject)source.DeepClone();
        foreach (var member in VersionMembers)
            content.Remove(member);

        return content;
    }

    public DefinitionRow? Find(int version) => _rows.Find(row => row.Version == version && row.DeletedAt is null);

    /// <summary>Saves over the draft, or begins one; what is the same as the latest is no change.</summary>
    public async Task<DefinitionRow> SaveAsync(WorkflowDefinition given, bool publish, CancellationToken cancellationToken)
    {
        var row = Latest?.ContentHash == Hash(given.Source) ? Latest
            : Latest is { IsPublished: false } draft && !await _context.Instances.AnyAsync(run => run.DefinitionVersionId == draft.Id, cancellationToken) ? Overwrite(draft, given)
            : await AddAsync(given, cancellationToken);
        if (publish)
            Publish(row);
        return row;
    }

    /// <summary>Stores a file as a version of its own, unless it is there already; a draft that somebody is working on stays as it is.</summary>
    public async Task<DefinitionRow> ImportAsync(WorkflowDefinition given, bool publish, CancellationToken cancellationToken)
    {
        var hash = Hash(given.Source);
        var row = Published?.ContentHash == hash ? Published
            : Latest?.ContentHash == hash ? Latest
            : await AddAsync(given, cancellationToken);
        if (publish)
            Publish(row);
        return row;
    }

    /// <summary>Stores what comes with the product, until a user has had a say in it.</summary>
    public async Task<bool> SeedAsync(WorkflowDefinition given, CancellationToken cancellationToken)
    {
        if (_rows.Exists(row => !row.IsShipped || row.DeletedAt is not null) || (Latest is not null && (Published is null || Published.ContentHash == Hash(given.Source))))
            return false;

        var row = await AddAsync(given, cancellationToken);
        row.IsShipped = true;
        Publish(row);
        return true;
    }

    public async Task<DefinitionRow> AddAsync(WorkflowDefinition given, CancellationToken cancellationToken)
    {
        var version = _rows.Count == 0 ? given.Version : _rows[0].Version + 1;
        var row = Overwrite(
            new DefinitionRow
            {
                Id = await FreeIdAsync(given, version, cancellationToken),
                DefinitionId = _definitionId,
                Version = version,
                CreatedAt = _now,
                ContentHash = "",
                Source = "",
            },
            given);
        foreach (var older in _rows)
            older.IsLatest = false;

        row.IsLatest = true;
        _rows.Insert(0, row);
        _context.Definitions.Add(row);
        return row;
    }

    public void Publish(DefinitionRow row)
    {
        if (row.IsPublished)
            return;

        foreach (var other in _rows)
            other.IsPublished = false;

        row.IsPublished = true;
        Sign(row);
    }

    /// <summary>Null where none is published.</summary>
    public DefinitionRow? Retract()
    {
        if (Published is not { } row)
            return null;

        row.IsPublished = false;
        Sign(row);
        return row;
    }

    public bool Delete(Func<DefinitionRow, bool> which)
    {
        var rows = _rows.Where(row => row.DeletedAt is null && which(row)).ToList();
        foreach (var row in rows)
        {
            row.IsLatest = row.IsPublished = false;
            row.DeletedAt = _now;
            row.DeletedBy = _by;
        }

        if (Latest is null && _rows.Find(row => row.DeletedAt is null) is { } newest)
            newest.IsLatest = true;

        return rows.Count > 0;
    }

    private DefinitionRow Overwrite(DefinitionRow row, WorkflowDefinition given)
    {
        var source = (JsonObject)given.Source.DeepClone();
        source["id"] = row.Id;
        source["definitionId"] = row.DefinitionId;
        source["version"] = row.Version;
        row.Name = given.Name;
        row.Description = given.Description;
        row.IsShipped = false;
        row.ContentHash = Hash(given.Source);
        row.Source = source.ToJsonString(Json.Options);
        Sign(row);
        return row;
    }

    private void Sign(DefinitionRow row)
    {
        if (_by is null)
            return;

        row.ChangedBy = _by;
        row.ChangedAt = _now;
    }

    /// <summary>The id that the file gives, as long as no other definition has it: so a file comes out as it went in.</summary>
    private async Task<string> FreeIdAsync(WorkflowDefinition given, int version, CancellationToken cancellationToken)
    {
        string[] wishes = [.. _rows.Count == 0 ? new[] { given.Id } : [], $"{_definitionId}-v{version}", $"{_definitionId}-v{version}-{Hash(given.Source)[..8]}"];
        var taken = await _context.Definitions.Where(row => wishes.Contains(row.Id)).Select(row => row.Id).ToListAsync(cancellationToken);
        return wishes.First(id => !taken.Contains(id));
    }

    public static string Hash(JsonObject source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ContentOf(source).ToJsonString(Json.Options))));
}
