using System.Globalization;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>VMs as VirtualBox has them registered: finding ours, adopting or clearing what a crash left, removing.</summary>
internal sealed class Machines(VBoxManage manage, Media media, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // For a cancelled step to tidy up; what takes longer, the next call clears.
    private static readonly TimeSpan UndoPatience = TimeSpan.FromMinutes(1);

    /// <summary>The VM; null where there is none. One whose settings a full disk has emptied is repaired.</summary>
    /// <exception cref="VirtualBoxException">It has our UUID but not our label.</exception>
    public async Task<MachineInfo?> FindAsync(VmReference vm, CancellationToken cancellationToken)
    {
        MachineInfo? machine;
        try
        {
            machine = await manage.FindAsync(vm, cancellationToken);
        }
        catch (VirtualBoxException e) when (e.Fault == VirtualBoxFault.Inaccessible && RestoreSettings(vm))
        {
            // Listing makes VirtualBox read the file again; asking for the VM does not.
            await manage.ListAsync(onlyRunning: false, cancellationToken);
            machine = await manage.FindAsync(vm, cancellationToken);
        }
        catch (VirtualBoxException e) when (e.Fault == VirtualBoxFault.Inaccessible && !HasSettings(vm))
        {
            // Nothing is left to read: the entry goes, what there is of disks is treated as any residue.
            await IgnoreAsync(VirtualBoxFault.Inaccessible, manage.RunAsync(vm, cancellationToken, "unregistervm", vm.Key()));
            return null;
        }

        if (machine is not null && !machine.IsOurs(vm))
            throw new VirtualBoxException(VirtualBoxFault.AlreadyExists, $"The VM '{machine.Name}' has the UUID of node '{vm.Node}' of cluster '{vm.Cluster}' but is not in the group {vm.Group()}, so it is left alone", $"Move it back into the group {vm.Group()} in VirtualBox Manager, or remove it there, then retry the step.");
        return machine;
    }

    /// <summary>The VM, registered; made by <paramref name="make"/> unless an interrupted call had got that far.</summary>
    public async Task<MachineInfo> EnsureAsync(VmReference vm, IReadOnlyCollection<string> sourceFolders, Func<Task> make, CancellationToken cancellationToken)
    {
        if (await FindAsync(vm, cancellationToken) is { } there)
            return there;
        await VmProcesses.WaitForOrphansAsync(vm, timeProvider, cancellationToken);
        var isThere = await AdoptAsync(vm, cancellationToken);
        if (!isThere && Directory.Exists(vm.MachineFolder()))
        {
            await WaitForCopiesAsync([vm.MachineFolder(), .. sourceFolders], cancellationToken);
            isThere = await AdoptAsync(vm, cancellationToken);
            if (!isThere)
                await ClearResidueAsync(vm, cancellationToken);
        }

        if (!isThere)
        {
            await RefuseTakenNameAsync(vm, cancellationToken);
            try
            {
                await make();
            }
            catch (OperationCanceledException)
            {
                await UndoAsync(vm, sourceFolders);
                throw;
            }
        }

        return await FindAsync(vm, cancellationToken)
            ?? throw new VirtualBoxException(VirtualBoxFault.NotFound, $"Node '{vm.Node}' of cluster '{vm.Cluster}': VirtualBox has not kept the VM that it made");
    }

    /// <summary>Removes the VM, where there is one, with its disks and whatever else VirtualBox holds of it.</summary>
    /// <exception cref="VirtualBoxException">Linked clones hang on it.</exception>
    public async Task RemoveAsync(VmReference vm, MachineInfo? machine, CancellationToken cancellationToken)
    {
        if (machine is not null)
        {
            await RefuseLinkedClonesAsync(vm, cancellationToken);
            await manage.CopyAsync(vm, cancellationToken, "unregistervm", vm.Key(), "--delete");
        }

        await VmProcesses.WaitForOrphansAsync(vm, timeProvider, cancellationToken);
        if (Directory.Exists(vm.MachineFolder()))
            await WaitForCopiesAsync([vm.MachineFolder()], cancellationToken);
        await ClearResidueAsync(vm, cancellationToken);
    }

    /// <summary>Refuses where a disk outside the VM's folder is a difference to one in it: removing would break that clone.</summary>
    private async Task RefuseLinkedClonesAsync(VmReference vm, CancellationToken cancellationToken)
    {
        var all = await media.ListAsync(cancellationToken);
        var inside = all.Where(m => m.IsIn(vm.MachineFolder())).Select(m => m.Id).ToHashSet();
        var clones = all.Where(m => m.Parent is { } parent && inside.Contains(parent) && !inside.Contains(m.Id)).Select(m => m.Location).ToList();
        if (clones.Count > 0)
            throw new VirtualBoxException(VirtualBoxFault.InUse, $"Node '{vm.Node}' of cluster '{vm.Cluster}' cannot be deleted: linked clones share its disk ({string.Join(", ", clones)})", "Delete the linked clones first, then retry the step.");
    }

    // A killed VBoxManage may leave VBoxSVC copying; it then writes the settings file but registers nothing.
    private async Task<bool> AdoptAsync(VmReference vm, CancellationToken cancellationToken)
    {
        if (!HasSettings(vm))
            return false;
        try
        {
            await manage.RunAsync(vm, cancellationToken, "registervm", vm.SettingsFile());
            return true;
        }
        catch (VirtualBoxException e) when (e.Fault == VirtualBoxFault.AlreadyExists)
        {
            return true;
        }
        catch (VirtualBoxException e) when (e.Fault is not (VirtualBoxFault.ServerDied or VirtualBoxFault.ServerUnreachable or VirtualBoxFault.Environment))
        {
            return false;
        }
    }

    /// <summary>Clears what a cancelled call has left: one that is interrupted before it listens for it ends at once, and VBoxSVC finishes the copy alone.</summary>
    private async Task UndoAsync(VmReference vm, IReadOnlyCollection<string> sourceFolders)
    {
        using var patience = new CancellationTokenSource(UndoPatience, timeProvider);
        try
        {
            await WaitForCopiesAsync([vm.MachineFolder(), .. sourceFolders], patience.Token);

            // A disk is copied a moment before it is registered and its VM's settings are written; of a server that died there are none.
            for (var looks = 0; looks < 20 && HasDisk(vm) && !HasSettings(vm); looks++)
                await Task.Delay(Pause, timeProvider, patience.Token);
            if (await manage.FindAsync(vm, patience.Token) is null)
                await ClearResidueAsync(vm, patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or VmClusterException or IOException or UnauthorizedAccessException)
        {
            // The step was cancelled and ends as such; the next call clears the rest.
        }
    }

    private async Task WaitForCopiesAsync(IReadOnlyCollection<string> folders, CancellationToken cancellationToken)
    {
        while ((await media.ListAsync(cancellationToken)).Any(m => m.IsLocked && folders.Any(m.IsIn)))
            await Task.Delay(Pause, timeProvider, cancellationToken);
    }

    private async Task ClearResidueAsync(VmReference vm, CancellationToken cancellationToken)
    {
        if (SettingsText(vm) is { Length: > 0 } && !HasSettings(vm))
            throw new VirtualBoxException(VirtualBoxFault.AlreadyExists, $"Node '{vm.Node}' of cluster '{vm.Cluster}': '{vm.MachineFolder()}' holds the settings of another VM", "Remove that VM in VirtualBox Manager if nobody needs it, then retry the step.");
        await media.ForgetBelowAsync(vm.Folder, cancellationToken);
        if (Directory.Exists(vm.MachineFolder()))
            Directory.Delete(vm.MachineFolder(), recursive: true);
    }

    private async Task RefuseTakenNameAsync(VmReference vm, CancellationToken cancellationToken)
    {
        foreach (var (id, name) in await manage.ListAsync(onlyRunning: false, cancellationToken))
        {
            if (name == vm.MachineName() && id != vm.Id)
                throw new VirtualBoxException(VirtualBoxFault.AlreadyExists, string.Create(CultureInfo.InvariantCulture, $"VirtualBox has another VM named '{name}' ({id})"), "Rename or remove that VM, or give the cluster another name.");
        }
    }

    private static bool RestoreSettings(VmReference vm)
    {
        var previous = vm.SettingsFile() + "-prev";
        if (HasSettings(vm) || !File.Exists(previous) || new FileInfo(previous).Length == 0)
            return false;
        File.Copy(previous, vm.SettingsFile(), overwrite: true);
        return true;
    }

    private static bool HasDisk(VmReference vm) => Directory.Exists(vm.MachineFolder()) && Directory.EnumerateFiles(vm.MachineFolder(), "*.vdi", SearchOption.AllDirectories).Any();

    private static bool HasSettings(VmReference vm) => SettingsText(vm)?.Contains("uuid=\"{" + vm.Key(), StringComparison.OrdinalIgnoreCase) ?? false;

    private static string? SettingsText(VmReference vm) => File.Exists(vm.SettingsFile()) ? File.ReadAllText(vm.SettingsFile()) : null;

    private static async Task IgnoreAsync(VirtualBoxFault fault, Task task)
    {
        try
        {
            await task;
        }
        catch (VirtualBoxException e) when (e.Fault == fault)
        {
            // The command says that it failed and has done what was asked.
        }
    }
}
