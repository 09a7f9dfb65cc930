namespace VmCluster.Activities.Ledger;

/// <summary>
/// Every VM, disk, port and network of ours, with its cluster and run, written before it exists. It lives in the same
/// SQLite file as the runs. Reading works from any process.
/// </summary>
public sealed class ClusterLedger
{
    public Task<IReadOnlyList<ClusterRecord>> ListAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<ClusterRecord?> FindAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <exception cref="ClusterNotFoundException">There is none of that name.</exception>
    public Task<ClusterRecord> GetAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}

public sealed class ClusterNotFoundException(string name)
    : VmClusterException($"There is no cluster '{name}'", "'vmcluster list' shows those that there are; 'vmcluster up " + name + "' builds it.");
