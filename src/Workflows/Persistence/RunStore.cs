using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Persistence;

/// <summary>Reads runs and their history. Works beside a running engine, also from another process.</summary>
public sealed class RunStore
{
    private readonly WorkflowDatabase _database;

    internal RunStore(WorkflowDatabase database) => _database = database;

    /// <summary>A run by its id, or by the beginning of it where that is unambiguous.</summary>
    /// <exception cref="AmbiguousRunException">Several runs begin so.</exception>
    public async Task<WorkflowInstance?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        if (context is null)
            return null;

        var reader = new RunReader(context);
        if (await reader.FindAsync(id, cancellationToken) is { } exact)
            return exact;

        var candidates = await reader.WithIncidentsAsync(context.Instances.Where(row => row.Id.StartsWith(id)).OrderBy(row => row.Id).Take(5), cancellationToken);
        return candidates.Count > 1 ? throw new AmbiguousRunException(id, candidates.Select(candidate => candidate.Id)) : candidates.SingleOrDefault();
    }

    /// <summary>Runs, the newest first.</summary>
    public async Task<IReadOnlyList<WorkflowInstance>> ListAsync(string? correlationId = null, WorkflowStatus? status = null, int take = 100, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        if (context is null)
            return [];

        var query = context.Instances
            .Where(row => correlationId == null || row.CorrelationId == correlationId)
            .Where(row => status == null || row.Status == status.ToString())
            .OrderByDescending(row => row.CreatedAt)
            .Take(take);
        return await new RunReader(context).WithIncidentsAsync(query, cancellationToken);
    }

    /// <summary>The journal of a run, in order.</summary>
    public async Task<IReadOnlyList<JournalEntry>> JournalAsync(string instanceId, long afterSequence = -1, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is null
            ? []
            : (await context.Journal.AsNoTracking().Where(row => row.InstanceId == instanceId && row.Sequence > afterSequence).OrderBy(row => row.Sequence).ToListAsync(cancellationToken)).ConvertAll(RowMapping.ToEntry);
    }

    /// <summary>All executions of a run's activities, in the order of their creation.</summary>
    public async Task<IReadOnlyList<ActivityExecution>> ActivitiesAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is null
            ? []
            : (await context.Executions.AsNoTracking().Where(row => row.InstanceId == instanceId).OrderBy(row => row.Order).ToListAsync(cancellationToken)).ConvertAll(RowMapping.ToExecution);
    }

    /// <summary>One execution of an activity; null where there is none of that id.</summary>
    public async Task<ActivityExecution?> FindActivityAsync(string executionId, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is not null && await context.Executions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == executionId, cancellationToken) is { } row
            ? RowMapping.ToExecution(row)
            : null;
    }

    /// <summary>The workflow's variables by name. Those of containers that have ended are gone.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> VariablesAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        if (context is null)
            return new Dictionary<string, JsonElement>();

        return await context.Variables.AsNoTracking()
            .Where(row => row.InstanceId == instanceId && context.Executions.Any(owner => owner.Id == row.OwnerId && owner.ParentId == null))
            .ToDictionaryAsync(row => row.Name, row => Json.Parse(row.Value), cancellationToken);
    }

    /// <summary>What a run waits for.</summary>
    public async Task<IReadOnlyList<Bookmark>> BookmarksAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is null
            ? []
            : (await context.Bookmarks.AsNoTracking().Where(row => row.InstanceId == instanceId).OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken)).ConvertAll(ToBookmark);
    }

    private static Bookmark ToBookmark(BookmarkRow row) =>
        new(row.Id, row.ExecutionId, row.ActivityNodeId[(row.ActivityNodeId.LastIndexOf(':') + 1)..], row.Name, Json.Parse(row.Payload), row.Due);
}
