namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>Snapshots of stopped VMs, by names that are unique per VM.</summary>
public sealed partial class VirtualBoxHypervisor
{
    /// <summary>The VM's snapshots, each after the one that it builds on.</summary>
    public async Task<IReadOnlyList<VmSnapshot>> SnapshotsAsync(VmReference vm, CancellationToken cancellationToken) => (await GetAsync(vm, cancellationToken)).Snapshots;

    /// <summary>Takes a snapshot of a stopped VM; one of that name is left as it is.</summary>
    public Task TakeSnapshotAsync(VmReference vm, string name, CancellationToken cancellationToken)
        => ChangeAsync(vm, name, "given a snapshot", async snapshot =>
        {
            if (snapshot is null)
                await manage.CopyAsync(vm, cancellationToken, "snapshot", vm.Key(), "take", name);
        }, cancellationToken);

    /// <summary>Puts a stopped VM's disk and settings back to a snapshot; what came after it on the disk is lost.</summary>
    public Task RestoreSnapshotAsync(VmReference vm, string name, CancellationToken cancellationToken)
        => ChangeAsync(vm, name, "put back to a snapshot", async snapshot =>
        {
            if (snapshot is null)
                throw new VirtualBoxException(VirtualBoxFault.NotFound, $"Node '{vm.Node}' of cluster '{vm.Cluster}' has no snapshot '{name}'", "Take it first, or name one that there is.");
            await manage.CopyAsync(vm, cancellationToken, "snapshot", vm.Key(), "restore", snapshot.Id.ToString("D"));
        }, cancellationToken);

    /// <summary>Removes a snapshot; the VM's disk stays as it is. Nothing happens where there is none of that name.</summary>
    /// <exception cref="VirtualBoxException">Linked clones hang on it.</exception>
    public Task DeleteSnapshotAsync(VmReference vm, string name, CancellationToken cancellationToken)
        => ChangeAsync(vm, name, "freed of a snapshot", async snapshot =>
        {
            if (snapshot is not null)
                await manage.CopyAsync(vm, cancellationToken, "snapshot", vm.Key(), "delete", snapshot.Id.ToString("D"));
        }, cancellationToken);

    private Task ChangeAsync(VmReference vm, string name, string toDo, Func<VmSnapshot?, Task> change, CancellationToken cancellationToken)
    {
        SpecRules.CheckSnapshot(vm, name);
        return ChangeAsync(vm, [vm], async () =>
        {
            var machine = await GetAsync(vm, cancellationToken);
            if (machine.ToVmState() != VmState.Stopped)
                throw new VmRunningException(vm, toDo);
            await change(machine.Snapshots.FirstOrDefault(s => s.Name == name));
        }, cancellationToken);
    }
}

/// <param name="Name">Unique for its VM.</param>
/// <param name="Id">VirtualBox's UUID.</param>
/// <param name="IsCurrent">Whether the VM's disk builds on it.</param>
public sealed record VmSnapshot(string Name, Guid Id, bool IsCurrent);
