namespace VmCluster.Activities.Hypervisors;

/// <summary>
/// What a program that runs virtual machines must do for us. Every method is idempotent: asked for what is already so,
/// it returns without a change. VMs are addressed by our own UUID, given at creation; one that does not carry our
/// label is never touched.
/// </summary>
public interface IHypervisor
{
    /// <summary>The name that users give it: <c>qemu</c>, <c>virtualbox</c>.</summary>
    string Name { get; }

    /// <summary>The image of the catalogue that is used where the user names none.</summary>
    string DefaultImage => "debian-12";

    /// <summary>Whether it can boot a kernel directly, or only a disk with a boot loader.</summary>
    bool BootsKernels => true;

    /// <summary>Whether <see cref="CreateAsync"/> can install a system from the ISO of its installer.</summary>
    bool InstallsFromIso => false;

    /// <summary>What stands in the way of using it here; empty when it can start VMs.</summary>
    Task<IReadOnlyList<HypervisorProblem>> CheckAsync(CancellationToken cancellationToken);

    /// <summary>The VM as it is now; null where there is none, or only the beginnings of one, which making it again completes.</summary>
    Task<VmInfo?> FindAsync(VmReference vm, CancellationToken cancellationToken);

    /// <summary>Makes a VM with a disk on top of an image, or with a system that it installs from an ISO; not started. A half-made one is completed.</summary>
    Task CreateAsync(VmSpec spec, CancellationToken cancellationToken);

    /// <summary>Makes a VM whose disk is a copy of another's, which must be stopped. Several clones of one source may be made at once.</summary>
    /// <exception cref="VmRunningException">The source is running.</exception>
    Task CloneAsync(VmSpec spec, VmReference source, CloneKind kind, CancellationToken cancellationToken);

    /// <summary>Puts name, CPUs, memory, NICs, forward and seed of a stopped VM as its spec says.</summary>
    Task ConfigureAsync(VmSpec spec, CancellationToken cancellationToken);

    /// <summary>Starts the VM; returns when the hypervisor runs it, not when the guest is ready.</summary>
    Task StartAsync(VmReference vm, CancellationToken cancellationToken);

    /// <summary>Presses the power button, waits for <paramref name="grace"/>, then pulls the plug.</summary>
    Task StopAsync(VmReference vm, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Stops the VM without grace and removes it with its disk and whatever else the hypervisor holds of it.</summary>
    Task DeleteAsync(VmReference vm, CancellationToken cancellationToken);
}

/// <summary>Which VM: our UUID, and its folder, which holds all its files.</summary>
/// <param name="Id">Our UUID; also the VM's SMBIOS UUID.</param>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Node">The node's name, unique in the cluster.</param>
/// <param name="Folder">Absolute path of the node's folder.</param>
public sealed record VmReference(Guid Id, string Cluster, string Node, string Folder);

/// <summary>A VM as it shall be.</summary>
public sealed record VmSpec
{
    public required VmReference Vm { get; init; }
    public required int Cpus { get; init; }
    public required int MemoryMiB { get; init; }

    /// <summary>Size of the disk as the guest sees it.</summary>
    public required int DiskGiB { get; init; }

    /// <summary>The image to make the disk from. Clones have it too: it says how the VM boots.</summary>
    public required BootImage Image { get; init; }

    /// <summary>The NIC behind the hypervisor's NAT, by which the host reaches the guest's SSH server.</summary>
    public required NatNic Nat { get; init; }

    /// <summary>The NIC on the cluster's private network; null until the network is configured.</summary>
    public ClusterNic? Network { get; init; }

    /// <summary>Absolute path of the NoCloud seed (ISO 9660, label CIDATA).</summary>
    public required string SeedPath { get; init; }
}

/// <param name="Mac">For instance <c>52:54:00:12:34:56</c>.</param>
/// <param name="SshPort">Port on 127.0.0.1 that leads to port 22 of the guest.</param>
public sealed record NatNic(string Mac, int SshPort);

/// <param name="Mac">The MAC address.</param>
/// <param name="Segment">The number of the private segment that the nodes of one cluster share; for QEMU the UDP port of its multicast group.</param>
public sealed record ClusterNic(string Mac, int Segment);

/// <summary>A cached image that VMs can boot.</summary>
/// <param name="DiskPath">Absolute path of a qcow2 file that nobody writes to.</param>
/// <param name="KernelPath">The kernel, where it is booted directly; null where the disk has a boot loader.</param>
/// <param name="InitrdPath">The initial RAM disk that goes with the kernel.</param>
/// <param name="KernelArguments">For instance <c>root=/dev/vda rw console=ttyS0 quiet</c>.</param>
/// <param name="IsInstaller">Whether the disk is the ISO of Ubuntu Server's installer.</param>
public sealed record BootImage(string DiskPath, string? KernelPath = null, string? InitrdPath = null, string? KernelArguments = null, bool IsInstaller = false);

public enum CloneKind
{
    /// <summary>Shares the source's disk as it is now; takes no time and little space.</summary>
    Linked,

    /// <summary>Has a disk of its own.</summary>
    Full,
}

public enum VmState
{
    Stopped,
    Running,

    /// <summary>The hypervisor has halted it, for instance because the host's disk is full.</summary>
    Stalled,
}

/// <param name="State">What the hypervisor says.</param>
/// <param name="ProcessId">The process that runs it, where there is one of its own.</param>
/// <param name="Spec">As it was made.</param>
/// <param name="Detail">The hypervisor's word for the state, for instance <c>io-error</c>.</param>
public sealed record VmInfo(VmState State, int? ProcessId, VmSpec Spec, string Detail);

/// <param name="What">What is missing or wrong.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="IsFatal">False where it still works, only worse (for instance without hardware acceleration).</param>
/// <param name="CanBeForced">Whether somebody who insists can go on, at least as far as the boot.</param>
public sealed record HypervisorProblem(string What, string Remedy, bool IsFatal = true, bool CanBeForced = false);
