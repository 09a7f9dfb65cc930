namespace VmCluster.Activities.Ledger;

public sealed class ClusterNotFoundException(string name)
    : VmClusterException($"There is no cluster '{name}'", $"'vmcluster list' shows those that there are; 'vmcluster up {name}' builds it.");

public sealed class NodeNotFoundException(ClusterRecord cluster, string node)
    : VmClusterException($"Cluster '{cluster.Name}' has no node '{node}'", $"Its nodes are {string.Join(", ", cluster.Nodes.Select(n => n.Name))}.");

/// <summary>Another run has planned a cluster of this name.</summary>
public sealed class ClusterNameTakenException(ClusterRecord cluster)
    : VmClusterException($"There is a cluster '{cluster.Name}' already, planned by run {cluster.RunId}", $"Take another name, or remove it with 'vmcluster destroy {cluster.Name}'.");

/// <summary>The subnet has no address for one more node.</summary>
public sealed class SubnetFullException(string subnet, int capacity)
    : VmClusterException($"The subnet {subnet} has addresses for {capacity} nodes only", "Build the cluster on a larger subnet.");
