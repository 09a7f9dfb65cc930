using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Persistence;

/// <summary>Reads runs through a context.</summary>
internal sealed class RunReader(WorkflowDbContext context)
{
    public async Task<WorkflowInstance?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await WithIncidentsAsync(context.Instances.Where(row => row.Id == id && row.DeletedAt == null), cancellationToken)).SingleOrDefault();

    public async Task<IReadOnlyList<WorkflowInstance>> WithIncidentsAsync(IQueryable<InstanceRow> query, CancellationToken cancellationToken)
    {
        var instances = await query.AsNoTracking().ToListAsync(cancellationToken);
        var ids = instances.ConvertAll(row => row.Id);
        var incidents = await context.Incidents.AsNoTracking().Where(row => ids.Contains(row.InstanceId)).OrderBy(row => row.Timestamp).ToListAsync(cancellationToken);
        var byInstance = incidents.ToLookup(row => row.InstanceId);
        return instances.ConvertAll(row => RowMapping.ToInstance(row, byInstance[row.Id]));
    }
}
