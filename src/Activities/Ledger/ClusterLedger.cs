using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;

namespace VmCluster.Activities.Ledger;

/// <summary>
/// Every VM, disk, port and network of ours, with its cluster and run, written before it exists. It lives in the same
/// SQLite file as the runs. Reading works from any process.
/// </summary>
/// <param name="folder">Where the database and the clusters are.</param>
/// <param name="timeProvider">Says when a cluster was planned.</param>
/// <param name="random">Draws the MAC addresses.</param>
/// <param name="ports">Says which ports other programs leave.</param>
public sealed class ClusterLedger(DataFolder folder, TimeProvider timeProvider, Random random, LocalPorts ports)
{
    private const int FirstSshPort = 22222;
    private const int FirstSegment = 5561;

    private readonly LedgerDatabase database = new(folder.Database);
    private readonly LedgerReader reader = new(folder.Database);

    public Task<IReadOnlyList<ClusterRecord>> ListAsync(CancellationToken cancellationToken = default) => reader.ReadAsync(null, cancellationToken);

    public async Task<ClusterRecord?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        (await reader.ReadAsync(name, cancellationToken)).SingleOrDefault();

    /// <exception cref="ClusterNotFoundException">There is none of that name.</exception>
    public async Task<ClusterRecord> GetAsync(string name, CancellationToken cancellationToken = default) =>
        await FindAsync(name, cancellationToken) ?? throw new ClusterNotFoundException(name);

    /// <summary>Records a cluster with all that its nodes will use. The same run gets what it reserved before.</summary>
    /// <exception cref="ClusterNameTakenException">Another run has a cluster of this name.</exception>
    /// <exception cref="SubnetFullException">The subnet is too small.</exception>
    public async Task<ClusterRecord> ReserveAsync(ClusterPlan plan, CancellationToken cancellationToken = default)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        if (await Clusters(context).SingleOrDefaultAsync(c => c.Name == plan.Name, cancellationToken) is { } existing)
            return existing.RunId == plan.RunId ? existing : throw new ClusterNameTakenException(existing);

        var segments = await context.Clusters.Select(c => c.Segment).ToHashSetAsync(cancellationToken);
        var cluster = new ClusterRecord
        {
            Name = plan.Name,
            RunId = plan.RunId,
            Provider = plan.Provider,
            Image = plan.Image,
            Subnet = plan.Subnet.ToString(),
            Segment = Enumerable.Range(FirstSegment, 10_000).First(port => !segments.Contains(port) && ports.IsUdpPortFree(port)),
            User = plan.User,
            Cpus = plan.Cpus,
            MemoryMiB = plan.MemoryMiB,
            DiskGiB = plan.DiskGiB,
            Folder = folder.Cluster(plan.Name),
            CreatedAt = timeProvider.GetUtcNow(),
        };
        context.Add(cluster);
        await AddNodesAsync(context, cluster, plan.NodeCount, plan.RunId, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return cluster;
    }

    /// <summary>Records more nodes of a cluster; returns them. The same run gets those that it reserved before.</summary>
    public async Task<IReadOnlyList<NodeRecord>> ReserveNodesAsync(string name, int count, string runId, CancellationToken cancellationToken = default)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var cluster = await Clusters(context).SingleOrDefaultAsync(c => c.Name == name, cancellationToken) ?? throw new ClusterNotFoundException(name);
        if (cluster.RunId != runId)
        {
            var reserved = cluster.Nodes.Count(node => node.RunId == runId);
            await AddNodesAsync(context, cluster, count - reserved, runId, cancellationToken);
            await context.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return [.. cluster.Nodes.Where(node => node.RunId == runId)];
    }

    /// <summary>Gives a node another SSH port, because somebody took the one that it had.</summary>
    public async Task<ClusterRecord> ReplaceSshPortAsync(NodeRecord node, CancellationToken cancellationToken = default)
    {
        await using (var context = await database.OpenAsync(cancellationToken))
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            var port = (await FreeSshPortsAsync(context, cancellationToken)).First();
            await context.Nodes.Where(n => n.Id == node.Id).ExecuteUpdateAsync(row => row.SetProperty(n => n.SshPort, port), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        return await GetAsync(node.Cluster, cancellationToken);
    }

    public async Task MarkVerifiedAsync(string name, CancellationToken cancellationToken = default)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        await context.Clusters.Where(c => c.Name == name)
            .ExecuteUpdateAsync(row => row.SetProperty(c => c.VerifiedAt, timeProvider.GetUtcNow()), cancellationToken);
    }

    /// <summary>Forgets a node, whose VM is gone. Nothing happens if it is forgotten already.</summary>
    public async Task RemoveNodeAsync(Guid id, CancellationToken cancellationToken = default)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        await context.Nodes.Where(n => n.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Forgets a cluster with its nodes, which are all gone. Nothing happens if it is forgotten already.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        await context.Clusters.Where(c => c.Name == name).ExecuteDeleteAsync(cancellationToken);
    }

    private static IQueryable<ClusterRecord> Clusters(LedgerContext context) =>
        context.Clusters.Include(c => c.Nodes.OrderBy(n => n.Index));

    private async Task AddNodesAsync(LedgerContext context, ClusterRecord cluster, int count, string runId, CancellationToken cancellationToken)
    {
        var subnet = IPNetwork.Parse(cluster.Subnet);
        var sshPorts = (await FreeSshPortsAsync(context, cancellationToken)).Take(Math.Max(count, 0)).ToList();
        var macs = (await context.Nodes.Select(n => new { n.NatMac, n.ClusterMac }).ToListAsync(cancellationToken))
            .SelectMany(n => new[] { n.NatMac, n.ClusterMac }).ToHashSet();
        var next = cluster.Nodes.Select(node => node.Index + 1).DefaultIfEmpty(0).Max();
        if (next + count > ClusterAddresses.Capacity(subnet))
            throw new SubnetFullException(cluster.Subnet, ClusterAddresses.Capacity(subnet));
        foreach (var port in sshPorts)
        {
            var node = new NodeRecord
            {
                Id = Guid.NewGuid(),
                Cluster = cluster.Name,
                RunId = runId,
                Name = next == 0 ? "fe1" : string.Create(CultureInfo.InvariantCulture, $"node{next}"),
                Index = next,
                Address = ClusterAddresses.Of(subnet, next).ToString(),
                SshPort = port,
                NatMac = NewMac(macs),
                ClusterMac = NewMac(macs),
            };
            context.Add(node);
            if (!cluster.Nodes.Contains(node))
                cluster.Nodes.Add(node);
            next++;
        }
    }

    private async Task<IEnumerable<int>> FreeSshPortsAsync(LedgerContext context, CancellationToken cancellationToken)
    {
        var taken = await context.Nodes.Select(n => n.SshPort).ToHashSetAsync(cancellationToken);
        return Enumerable.Range(FirstSshPort, 65_536 - FirstSshPort).Where(port => !taken.Contains(port) && ports.IsTcpPortFree(port));
    }

    /// <summary>52:54:00 is the prefix by which virtual NICs are known; it is locally administered.</summary>
    private string NewMac(HashSet<string> taken)
    {
        string mac;
        do
        {
            var number = random.Next(1 << 24);
            mac = $"52:54:00:{number >> 16:x2}:{(number >> 8) & 0xff:x2}:{number & 0xff:x2}";
        }
        while (!taken.Add(mac));
        return mac;
    }
}
