using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Persistence;

/// <summary>Reads runs and their history. Works beside a running engine, also from another process.</summary>
public sealed class RunStore
{
    /// <summary>A run by its id, or by the beginning of it where that is unambiguous.</summary>
    public Task<WorkflowInstance?> FindAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Runs, the newest first.</summary>
    public Task<IReadOnlyList<WorkflowInstance>> ListAsync(string? correlationId = null, WorkflowStatus? status = null, int take = 100, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<IReadOnlyList<JournalEntry>> JournalAsync(string instanceId, long afterSequence = -1, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<IReadOnlyList<ActivityExecution>> ActivitiesAsync(string instanceId, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
