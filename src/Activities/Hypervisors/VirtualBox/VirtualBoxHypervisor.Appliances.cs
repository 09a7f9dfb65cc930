namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>VMs as OVA files, to take elsewhere.</summary>
public sealed partial class VirtualBoxHypervisor
{
    /// <summary>Writes a stopped VM to an OVA file, which appears when it is whole and replaces one that was there.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="path">Absolute path, ending in <c>.ova</c>.</param>
    /// <param name="cancellationToken">Ends the work; no file is left then.</param>
    public async Task ExportAsync(VmReference vm, string path, CancellationToken cancellationToken)
    {
        SpecRules.Check(vm);
        var partial = Path.ChangeExtension(path, ".partial.ova");
        await ChangeAsync(vm, [vm], async () =>
        {
            if ((await GetAsync(vm, cancellationToken)).ToVmState() != VmState.Stopped)
                throw new VmRunningException(vm, "exported");
            File.Delete(partial);
            try
            {
                await manage.CopyAsync(vm, cancellationToken, "export", vm.Key(), "--output", partial, "--ovf20");
                File.Move(partial, path, overwrite: true);
            }
            finally
            {
                File.Delete(partial);
            }
        }, cancellationToken);
    }

    /// <summary>Makes a VM of an OVA file's first one, with the UUID, the settings and the seed of the spec.</summary>
    /// <param name="spec">The VM as it shall be; its image is not used.</param>
    /// <param name="path">Absolute path of the OVA file.</param>
    /// <param name="cancellationToken">Ends the work; the next call tidies up.</param>
    public async Task ImportAsync(VmSpec spec, string path, CancellationToken cancellationToken)
    {
        SpecRules.Check(spec);
        await MakeAsync(spec, [spec.Vm], async () =>
        {
            var machine = await machines.EnsureAsync(spec.Vm, [], () => ImportMachineAsync(spec.Vm, path, cancellationToken), cancellationToken);
            await RemoveImportedAsync(spec.Vm, cancellationToken);
            await EnsureControllerAsync(spec.Vm, machine, cancellationToken);
            await media.GrowAsync(spec.Vm, spec.Vm.DiskPath(), spec.DiskGiB, cancellationToken);
            return machine;
        }, cancellationToken);
    }

    // An import chooses its own UUID, so that it goes into a VM of its own first, of which ours is a full clone.
    private async Task ImportMachineAsync(VmReference vm, string path, CancellationToken cancellationToken)
    {
        await RemoveImportedAsync(vm, cancellationToken);
        await manage.CopyAsync(vm, cancellationToken, "import", path, "--options", "importtovdi", "--vsys", "0", "--vmname", ImportName(vm), "--group", vm.Group(), "--basefolder", vm.Folder);
        var imported = await FindImportedAsync(vm, cancellationToken)
            ?? throw new VirtualBoxException(VirtualBoxFault.NotFound, $"Node '{vm.Node}' of cluster '{vm.Cluster}': VirtualBox has not kept what it imported from '{path}'");
        await manage.CopyAsync(vm, cancellationToken, "clonevm", imported.Id.ToString("D"), "--mode", "machine", "--name", vm.MachineName(), "--uuid", vm.Key(), "--groups", vm.Group(), "--basefolder", vm.Folder, "--register");
    }

    private async Task RemoveImportedAsync(VmReference vm, CancellationToken cancellationToken)
    {
        if (await FindImportedAsync(vm, cancellationToken) is { } imported)
            await manage.CopyAsync(vm, cancellationToken, "unregistervm", imported.Id.ToString("D"), "--delete");
        var folder = Path.Combine(vm.Folder, "vmcluster", vm.Cluster, ImportName(vm));
        await media.ForgetBelowAsync(folder, cancellationToken);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>The VM in between, known by name, label and folder.</summary>
    private async Task<MachineInfo?> FindImportedAsync(VmReference vm, CancellationToken cancellationToken)
    {
        var listed = (await manage.ListAsync(onlyRunning: false, cancellationToken)).Where(l => l.Value == ImportName(vm));
        foreach (var (id, _) in listed)
        {
            if (await manage.FindAsync(vm with { Id = id }, cancellationToken) is { } machine && machine.IsOurs(vm with { Id = id })
                && machine.SettingsFile.StartsWith(vm.Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
                return machine;
        }

        return null;
    }

    private static string ImportName(VmReference vm) => vm.MachineName() + "-import";
}
