namespace VmCluster.Activities.Hypervisors;

public sealed class VmNotFoundException(VmReference vm)
    : VmClusterException($"There is no VM '{vm.Node}' of cluster '{vm.Cluster}'", "Create it first: run the workflow from its CreateNode or CloneNode step.");

public sealed class VmRunningException(VmReference vm, string toDo)
    : VmClusterException($"Node '{vm.Node}' of cluster '{vm.Cluster}' is running, so it cannot be {toDo}", "Stop it first (StopNode), then retry the step.");

/// <summary>The hypervisor could not start, or lost, a VM.</summary>
public sealed class VmStartException(VmReference vm, string why, string remedy)
    : VmClusterException($"Node '{vm.Node}' of cluster '{vm.Cluster}' did not start: {why}", remedy);
