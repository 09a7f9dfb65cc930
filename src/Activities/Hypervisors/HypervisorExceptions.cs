namespace VmCluster.Activities.Hypervisors;

public sealed class VmNotFoundException(VmReference vm)
    : VmClusterException($"There is no VM '{vm.Node}' of cluster '{vm.Cluster}'", "Create it first: run the workflow from its CreateNode or CloneNode step.");

public sealed class VmRunningException(VmReference vm, string toDo)
    : VmClusterException($"Node '{vm.Node}' of cluster '{vm.Cluster}' is running, so it cannot be {toDo}", "Stop it first (StopNode), then retry the step.");

/// <summary>The hypervisor could not start, or lost, a VM.</summary>
public sealed class VmStartException(VmReference vm, string why, string remedy)
    : VmClusterException($"Node '{vm.Node}' of cluster '{vm.Cluster}' did not start: {why}", remedy);

public sealed class VmStopException(VmReference vm, int processId)
    : VmClusterException($"Node '{vm.Node}' of cluster '{vm.Cluster}' did not stop: its process {processId} is still there after it was killed", "Look whether its disk hangs (the process is in state D), then retry the step.");

/// <summary>A VM's folder holds what is not ours, or cannot be read.</summary>
public sealed class VmFolderException(VmReference vm, string why, Exception? innerException = null)
    : VmClusterException($"The folder '{vm.Folder}' of node '{vm.Node}' cannot be used: {why}", "Move it away or choose another cluster name, then retry the step.", innerException);

public sealed class DiskTooSmallException(VmReference vm, int diskGiB, long neededGiB)
    : VmClusterException($"A disk of {diskGiB} GiB is too small for node '{vm.Node}': what it is made from has {neededGiB} GiB", $"Ask for at least {neededGiB} GiB per node.");

/// <summary>The installer of an operating system did not come to its end.</summary>
public sealed class InstallationException(VmReference vm, string why)
    : VmClusterException($"Ubuntu's installer did not finish on node '{vm.Node}' of cluster '{vm.Cluster}': {why}", "Correct the cause (often there is no network, or the disk or the memory is too small), then retry the step: it installs anew.");
