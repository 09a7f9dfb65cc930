using System.Diagnostics;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Ledger;

namespace VmCluster.Host.Cli;

/// <summary>A node as planned, and its VM as the hypervisor has it now.</summary>
/// <param name="Node">The plan.</param>
/// <param name="Vm">Null where there is no VM.</param>
internal sealed record NodeView(NodeRecord Node, VmInfo? Vm)
{
    /// <summary><c>running</c>, <c>stopped</c>, <c>stalled</c> or <c>missing</c>.</summary>
    public string State => Vm?.State.ToString().ToLowerInvariant() ?? "missing";

    public bool IsRunning => Vm is { State: VmState.Running };

    /// <summary>How long its process has been there; null where there is none.</summary>
    public TimeSpan? Uptime(TimeProvider time)
    {
        if (Vm?.ProcessId is not { } id)
            return null;
        try
        {
            using var process = Process.GetProcessById(id);
            return time.GetUtcNow().UtcDateTime - process.StartTime.ToUniversalTime();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It ended after the hypervisor was asked.
            return null;
        }
    }
}

/// <summary>A cluster as planned and as it is.</summary>
internal sealed record ClusterView(ClusterRecord Cluster, IReadOnlyList<NodeView> Nodes)
{
    public int Running => Nodes.Count(node => node.IsRunning);

    /// <summary><c>running</c>, <c>stopped</c>, <c>2/3 running</c>, or <c>incomplete</c> for one that was never proved.</summary>
    public string State =>
        Cluster.VerifiedAt is null ? "incomplete"
        : Running == Nodes.Count ? "running"
        : Running == 0 ? "stopped"
        : $"{Running}/{Nodes.Count} running";

    public static Task<ClusterView> LookAsync(Session session, ClusterRecord cluster, CancellationToken cancellationToken) =>
        LookAsync(session.Hypervisor(cluster.Provider), cluster, cancellationToken);

    /// <summary>Asks the hypervisor about every node at once.</summary>
    public static async Task<ClusterView> LookAsync(IHypervisor hypervisor, ClusterRecord cluster, CancellationToken cancellationToken)
    {
        var nodes = await Task.WhenAll(cluster.Nodes.OrderBy(node => node.Index)
            .Select(async node => new NodeView(node, await hypervisor.FindAsync(cluster.Vm(node), cancellationToken))));
        return new ClusterView(cluster, nodes);
    }
}
