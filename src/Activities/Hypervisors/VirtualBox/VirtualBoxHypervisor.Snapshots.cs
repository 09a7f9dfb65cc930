namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>Snapshots of stopped VMs, by names that are unique per VM.</summary>
public sealed partial class VirtualBoxHypervisor
{
    /// <summary>The VM's snapshots, each after the one that it builds on.</summary>
    public async Task<IReadOnlyList<VmSnapshot>> SnapshotsAsync(VmReference vm, CancellationToken cancellationToken)
    {
        var machine = await GetAsync(vm, cancellationToken);
        if (machine["CurrentSnapshotUUID"].Length == 0)
            return []; // Asked for a list where there is none, VBoxManage fails.
        var current = machine["CurrentSnapshotUUID"];
        var pairs = MachineReadable.Parse(await manage.RunAsync(vm, cancellationToken, "snapshot", vm.Key(), "list", "--machinereadable"));
        var ids = pairs.Where(p => p.Key.StartsWith("SnapshotUUID", StringComparison.Ordinal)).ToDictionary(p => p.Key["SnapshotUUID".Length..], p => p.Value, StringComparer.Ordinal);
        return [.. pairs.Where(p => p.Key.StartsWith("SnapshotName", StringComparison.Ordinal))
            .Select(p => (Name: p.Value, Id: ids[p.Key["SnapshotName".Length..]]))
            .Select(s => new VmSnapshot(s.Name, Guid.Parse(s.Id), s.Id == current))];
    }

    /// <summary>Takes a snapshot of a stopped VM; one of that name is left as it is.</summary>
    public async Task TakeSnapshotAsync(VmReference vm, string name, CancellationToken cancellationToken)
    {
        await ChangeAsync(vm, name, async () =>
        {
            if ((await SnapshotsAsync(vm, cancellationToken)).All(s => s.Name != name))
                await manage.CopyAsync(vm, cancellationToken, "snapshot", vm.Key(), "take", name);
        }, "given a snapshot", cancellationToken);
    }

    /// <summary>Puts a stopped VM's disk and settings back to a snapshot; what came after it on the disk is lost.</summary>
    public async Task RestoreSnapshotAsync(VmReference vm, string name, CancellationToken cancellationToken)
    {
        await ChangeAsync(vm, name, async () =>
        {
            var snapshot = (await SnapshotsAsync(vm, cancellationToken)).FirstOrDefault(s => s.Name == name)
                ?? throw new VirtualBoxException(VirtualBoxFault.NotFound, $"Node '{vm.Node}' of cluster '{vm.Cluster}' has no snapshot '{name}'", "Take it first, or name one that there is.");
            await manage.CopyAsync(vm, cancellationToken, "snapshot", vm.Key(), "restore", snapshot.Id.ToString("D"));
        }, "put back to a snapshot", cancellationToken);
    }

    /// <summary>Removes a snapshot; the VM's disk stays as it is. Nothing happens where there is none of that name.</summary>
    /// <exception cref="VirtualBoxException">Linked clones hang on it.</exception>
    public async Task DeleteSnapshotAsync(VmReference vm, string name, CancellationToken cancellationToken)
    {
        await ChangeAsync(vm, name, async () =>
        {
            if ((await SnapshotsAsync(vm, cancellationToken)).FirstOrDefault(s => s.Name == name) is { } snapshot)
                await manage.CopyAsync(vm, cancellationToken, "snapshot", vm.Key(), "delete", snapshot.Id.ToString("D"));
        }, "freed of a snapshot", cancellationToken);
    }

    private async Task ChangeAsync(VmReference vm, string snapshot, Func<Task> change, string toDo, CancellationToken cancellationToken)
    {
        SpecRules.CheckSnapshot(vm, snapshot);
        await ChangeAsync(vm, [vm], async () =>
        {
            if ((await GetAsync(vm, cancellationToken)).ToVmState() != VmState.Stopped)
                throw new VmRunningException(vm, toDo);
            await change();
        }, cancellationToken);
    }
}

/// <param name="Name">Unique for its VM.</param>
/// <param name="Id">VirtualBox's UUID.</param>
/// <param name="IsCurrent">Whether the VM's disk builds on it.</param>
public sealed record VmSnapshot(string Name, Guid Id, bool IsCurrent);
