using VmCluster.Activities.Clusters;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Ssh;

namespace VmCluster.Activities.Nodes;

/// <summary>Removes nodes with everything that belongs to them. The ledger forgets last, so that a removal that was cut short is found again.</summary>
public sealed class NodeRemoval(HypervisorChoice hypervisors, SshClient ssh, ClusterIdentity identity, ClusterLedger ledger)
{
    public async Task RemoveAsync(ClusterRecord cluster, NodeRecord node, CancellationToken cancellationToken)
    {
        await RemoveVmAsync(cluster, node, cancellationToken);
        cluster.Nodes.Remove(node);
        await identity.EnsureAsync(cluster, cancellationToken);
        await ledger.RemoveNodeAsync(node.Id, cancellationToken);
    }

    public async Task RemoveAsync(ClusterRecord cluster, CancellationToken cancellationToken)
    {
        // The newest first: a linked clone shares its source's disk, and the source was made before it.
        foreach (var node in cluster.Nodes.OrderByDescending(node => node.Index))
            await RemoveVmAsync(cluster, node, cancellationToken);
        if (Directory.Exists(cluster.Folder))
            Directory.Delete(cluster.Folder, recursive: true);
        await ledger.RemoveAsync(cluster.Name, cancellationToken);
    }

    private async Task RemoveVmAsync(ClusterRecord cluster, NodeRecord node, CancellationToken cancellationToken)
    {
        await ssh.CloseAsync(cluster, node, cancellationToken);
        await hypervisors.Get(cluster.Provider).DeleteAsync(cluster.Vm(node), cancellationToken);
        if (Directory.Exists(cluster.NodeFolder(node)))
            Directory.Delete(cluster.NodeFolder(node), recursive: true);
    }
}
