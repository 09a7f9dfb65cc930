using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Persistence;

/// <summary>Reads runs and their history. Works beside a running engine, also from another process.</summary>
public sealed partial class RunStore
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

        var candidates = await reader.WithIncidentsAsync(context.Instances.Where(row => row.Id.StartsWith(id) && row.DeletedAt == null).OrderBy(row => row.Id).Take(5), cancellationToken);
        return candidates.Count > 1 ? throw new AmbiguousRunException(id, candidates.Select(candidate => candidate.Id)) : candidates.SingleOrDefault();
    }

    /// <summary>As <see cref="FindAsync"/>.</summary>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    /// <exception cref="AmbiguousRunException">Several runs begin so.</exception>
    public async Task<WorkflowInstance> GetAsync(string id, CancellationToken cancellationToken = default) =>
        await FindAsync(id, cancellationToken) ?? throw new RunNotFoundException(id);

    /// <summary>Runs, the newest first.</summary>
    public async Task<IReadOnlyList<WorkflowInstance>> ListAsync(string? correlationId = null, WorkflowStatus? status = null, int take = 100, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        if (context is null)
            return [];

        var filter = new RunFilter
        {
            CorrelationIds = correlationId is null ? [] : [correlationId],
            Statuses = status is null ? [] : [status.Value],
            Take = take,
        };
        return await new RunReader(context).WithIncidentsAsync(filter.PageOf(filter.Apply(context)), cancellationToken);
    }

    /// <summary>One page of the runs that a filter lets through.</summary>
    public async Task<Page<WorkflowInstance>> QueryAsync(RunFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        if (context is null)
            return new Page<WorkflowInstance>([], 0);

        var matching = filter.Apply(context);
        var items = await new RunReader(context).WithIncidentsAsync(filter.PageOf(matching), cancellationToken);
        return new Page<WorkflowInstance>(items, await matching.CountAsync(cancellationToken));
    }

    /// <summary>The journal of a run, in order.</summary>
    public async Task<IReadOnlyList<JournalEntry>> JournalAsync(string instanceId, long afterSequence = -1, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is null ? [] : await ReadJournalAsync(context, instanceId, afterSequence, cancellationToken);
    }

    /// <summary>One page of the rows of a run's journal that a filter lets through, in order.</summary>
    public async Task<Page<JournalEntry>> QueryJournalAsync(string instanceId, JournalFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        if (context is null)
            return new Page<JournalEntry>([], 0);

        var matching = filter.Apply(context.Journal.AsNoTracking().Where(row => row.InstanceId == instanceId));
        var rows = await matching.OrderBy(row => row.Sequence).Skip(filter.Skip).Take(filter.Take).ToListAsync(cancellationToken);
        return new Page<JournalEntry>(rows.ConvertAll(RowMapping.ToEntry), await matching.CountAsync(cancellationToken));
    }

    /// <summary>The workflow's variables. Those of containers that have ended are gone.</summary>
    public async Task<IReadOnlyList<VariableValue>> VariablesAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is null ? [] : await ReadVariablesAsync(context, instanceId, cancellationToken);
    }

    /// <summary>What a run waits for.</summary>
    public async Task<IReadOnlyList<Bookmark>> BookmarksAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken);
        return context is null ? [] : await ReadBookmarksAsync(context, instanceId, cancellationToken);
    }

    /// <summary>All that is known of a run, as it is at one moment.</summary>
    /// <exception cref="RunNotFoundException">There is none.</exception>
    public async Task<RunRecord> RecordAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        await using var context = await _database.TryOpenForReadingAsync(cancellationToken) ?? throw new RunNotFoundException(instanceId);
        // Deferred: it reads what is there and keeps nobody from writing.
        await using var moment = ((SqliteConnection)context.Database.GetDbConnection()).BeginTransaction(deferred: true);
        await context.Database.UseTransactionAsync(moment, cancellationToken);
        var run = await new RunReader(context).FindAsync(instanceId, cancellationToken) ?? throw new RunNotFoundException(instanceId);
        return new RunRecord
        {
            Run = run,
            Definition = DefinitionStore.ToDefinition(await context.Definitions.AsNoTracking().SingleAsync(row => row.Id == run.DefinitionVersionId, cancellationToken)),
            Executions = await ReadAsync(context, context.Executions.Where(row => row.InstanceId == run.Id), cancellationToken),
            Bookmarks = await ReadBookmarksAsync(context, run.Id, cancellationToken),
            Variables = await ReadVariablesAsync(context, run.Id, cancellationToken),
            Journal = await ReadJournalAsync(context, run.Id, afterSequence: -1, cancellationToken),
        };
    }

    private static async Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(WorkflowDbContext context, string instanceId, long afterSequence, CancellationToken cancellationToken)
    {
        var rows = context.Journal.AsNoTracking().Where(row => row.InstanceId == instanceId && row.Sequence > afterSequence);
        return (await rows.OrderBy(row => row.Sequence).ToListAsync(cancellationToken)).ConvertAll(RowMapping.ToEntry);
    }

    private static async Task<IReadOnlyList<VariableValue>> ReadVariablesAsync(WorkflowDbContext context, string instanceId, CancellationToken cancellationToken) =>
        await context.Variables.AsNoTracking()
            .Where(row => row.InstanceId == instanceId && context.Executions.Any(owner => owner.Id == row.OwnerId && owner.ParentId == null))
            .OrderBy(row => row.Name)
            .Select(row => new VariableValue(row.VariableId, row.Name, Json.Parse(row.Value)))
            .ToListAsync(cancellationToken);

    private static async Task<IReadOnlyList<Bookmark>> ReadBookmarksAsync(WorkflowDbContext context, string instanceId, CancellationToken cancellationToken)
    {
        var rows = context.Bookmarks.AsNoTracking().Where(row => row.InstanceId == instanceId);
        return (await rows.OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken)).ConvertAll(ToBookmark);
    }

    private static Bookmark ToBookmark(BookmarkRow row) =>
        new(row.Id, row.ExecutionId, row.ActivityNodeId, row.Name, Json.Parse(row.Payload), row.Due);
}
