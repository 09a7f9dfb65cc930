using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Persistence;

/// <summary>Takes runs out of the lists. Their journal stays in the database: it is evidence.</summary>
public sealed class RunDeletion
{
    private readonly WorkflowRuntime _runtime;
    private readonly RunStore _runs;
    private readonly WorkflowDatabase _database;
    private readonly TimeProvider _timeProvider;

    internal RunDeletion(WorkflowRuntime runtime, RunStore runs, WorkflowDatabase database, TimeProvider timeProvider)
    {
        _runtime = runtime;
        _runs = runs;
        _database = database;
        _timeProvider = timeProvider;
    }

    /// <summary>Deletes runs; those under way are cancelled first.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> DeleteAsync(IReadOnlyCollection<string> ids, string? by, CancellationToken cancellationToken = default)
    {
        if (ids.Count == 0)
            return 0;

        var underWay = await _runs.QueryAsync(new RunFilter { Ids = ids, Statuses = [WorkflowStatus.Running] }, cancellationToken);
        foreach (var run in underWay.Items)
            await _runtime.CancelAsync(run.Id, by, cancellationToken);

        var now = _timeProvider.GetUtcNow();
        await using var context = await _database.OpenAsync(cancellationToken);
        return await context.Instances
            .Where(row => ids.Contains(row.Id) && row.DeletedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(run => run.DeletedAt, now).SetProperty(run => run.DeletedBy, by), cancellationToken);
    }
}
