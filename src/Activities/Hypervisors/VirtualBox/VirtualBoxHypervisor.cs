using System.Globalization;
using Polly;
using Polly.Retry;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>
/// Oracle VirtualBox 6.1 to 7.2, driven through VBoxManage. A node is the VM <c>CLUSTER-NODE</c> in the group
/// <c>/vmcluster/CLUSTER</c>, with our UUID; its files are below the node's folder.
/// </summary>
public sealed partial class VirtualBoxHypervisor : IHypervisor
{
    // Settings are kilobytes, but VirtualBox does not report it when they do not fit any more.
    private const long LeastFreeSpace = 64L << 20;

    private readonly TimeProvider timeProvider;
    private readonly VBoxManage manage;
    private readonly Media media;
    private readonly Machines machines;
    private readonly Preflight preflight;
    private readonly ResiliencePipeline untilSettled;

    public VirtualBoxHypervisor(ICommandRunner runner, DataFolder data, TimeProvider timeProvider)
        : this(runner, data, timeProvider, VBoxManageLocator.ForThisComputer, new HostFacts())
    {
    }

    internal VirtualBoxHypervisor(ICommandRunner runner, DataFolder data, TimeProvider timeProvider, VBoxManageLocator locator, HostFacts host)
    {
        this.timeProvider = timeProvider;
        manage = new VBoxManage(runner, timeProvider, locator, Path.Combine(data.Root, "virtualbox.lock"));
        media = new Media(manage, runner);
        machines = new Machines(manage, media, timeProvider);
        preflight = new Preflight(manage, host);

        // Every operation observes first, so that it can simply be begun again: after VBoxSVC died under it, and when a
        // command that a dead process of ours had started was still at work and got there first.
        untilSettled = new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<VirtualBoxException>(e => e.Fault is VirtualBoxFault.ServerDied or VirtualBoxFault.AlreadyExists && e.Code is not null),
                MaxRetryAttempts = 3,
                Delay = Pause,
            })
            .Build();
    }

    public string Name => "virtualbox";

    public string DefaultImage => "ubuntu-24.04";

    public bool BootsKernels => false;

    public Task<IReadOnlyList<HypervisorProblem>> CheckAsync(CancellationToken cancellationToken) => preflight.CheckAsync(cancellationToken);

    public async Task<VmInfo?> FindAsync(VmReference vm, CancellationToken cancellationToken)
    {
        SpecRules.Check(vm);
        return await VirtualBoxVm.FindAsync(vm, cancellationToken) is { IsMade: true } found && await machines.FindAsync(vm, cancellationToken) is { } machine
            ? new VmInfo(machine.ToVmState(), machine.ToVmState() == VmState.Stopped ? null : VmProcesses.FindRunner(vm), found.Spec, machine.State)
            : null;
    }

    public Task CreateAsync(VmSpec spec, CancellationToken cancellationToken)
    {
        SpecRules.Check(spec);
        if (spec.Image.KernelPath is not null)
            throw new VirtualBoxException(VirtualBoxFault.NotSupported, $"Node '{spec.Vm.Node}' of cluster '{spec.Vm.Cluster}' cannot be made: the image has no boot loader, and VirtualBox boots nothing else", "Use an image with a boot loader, for instance --image ubuntu-24.04, or --provider qemu.");
        return MakeAsync(spec, [spec.Vm], async () =>
        {
            var machine = await machines.EnsureAsync(spec.Vm, [], () => RegisterNewAsync(spec.Vm, cancellationToken), cancellationToken);
            await EnsureControllerAsync(spec.Vm, machine, cancellationToken);
            if (machine.Medium(MachineNames.Controller, 0) is null)
            {
                await (spec.Image.IsInstaller
                    ? media.CreateEmptyAsync(spec.Vm, spec.Vm.DiskPath(), spec.DiskGiB, cancellationToken)
                    : media.CreateAsync(spec.Vm, spec.Image.DiskPath, spec.Vm.DiskPath(), cancellationToken));
                await AttachAsync(spec.Vm, 0, "hdd", spec.Vm.DiskPath(), cancellationToken);
            }

            if (spec.Image.IsInstaller)
                return await InstallAsync(spec, cancellationToken);
            await media.GrowAsync(spec.Vm, spec.Vm.DiskPath(), spec.DiskGiB, cancellationToken);
            return machine;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>A linked clone keeps the size of its source's disk, and its source cannot be deleted before it; a full one grows to its spec's size.</remarks>
    public Task CloneAsync(VmSpec spec, VmReference source, CloneKind kind, CancellationToken cancellationToken)
    {
        SpecRules.Check(spec);
        SpecRules.Check(source);
        return MakeAsync(spec, [spec.Vm, source], async () =>
        {
            var machine = await machines.EnsureAsync(spec.Vm, [source.MachineFolder()], () => CopyMachineAsync(spec.Vm, source, kind, cancellationToken), cancellationToken);
            if (kind == CloneKind.Full)
                await media.GrowAsync(spec.Vm, spec.Vm.DiskPath(), spec.DiskGiB, cancellationToken);
            return machine;
        }, cancellationToken);
    }

    public Task ConfigureAsync(VmSpec spec, CancellationToken cancellationToken)
    {
        SpecRules.Check(spec);
        return ChangeAsync(spec.Vm, [spec.Vm], async () =>
        {
            await ApplyAsync(spec, await GetAsync(spec.Vm, cancellationToken), cancellationToken);
            await VirtualBoxVm.SaveAsync(spec, isMade: true, cancellationToken);
        }, cancellationToken);
    }

    public async Task DeleteAsync(VmReference vm, CancellationToken cancellationToken)
    {
        SpecRules.Check(vm);
        if (await VirtualBoxVm.IsStrangersAsync(vm, cancellationToken))
            return;
        await LockedAsync([vm], async () =>
        {
            var machine = await machines.FindAsync(vm, cancellationToken);
            if (machine is not null)
                await PullPlugAsync(vm, machine, cancellationToken);
            await machines.RemoveAsync(vm, machine, cancellationToken);
        }, cancellationToken);
        Directory.Delete(vm.Folder, recursive: true);
    }

    private async Task RegisterNewAsync(VmReference vm, CancellationToken cancellationToken)
    {
        var version = await manage.VersionAsync(cancellationToken);
        await manage.RunAsync(vm, cancellationToken,
        [
            "createvm", "--name", vm.MachineName(), "--uuid", vm.Key(), "--groups", vm.Group(), "--basefolder", vm.Folder, "--ostype", "Ubuntu_64",
            .. version >= new Version(7, 1) ? ["--platform-architecture", "x86"] : Array.Empty<string>(), "--register",
        ]);
    }

    private async Task CopyMachineAsync(VmReference vm, VmReference source, CloneKind kind, CancellationToken cancellationToken)
    {
        var original = await GetAsync(source, cancellationToken);
        if (original.ToVmState() != VmState.Stopped)
            throw new VmRunningException(source, "cloned");
        string[] how = kind == CloneKind.Linked ? ["--snapshot", await BaseSnapshotAsync(source, original, cancellationToken), "--options", "link"] : ["--mode", "machine"];
        await manage.CopyAsync(vm, cancellationToken,
            ["clonevm", source.Key(), .. how, "--name", vm.MachineName(), "--uuid", vm.Key(), "--groups", vm.Group(), "--basefolder", vm.Folder, "--register"]);
    }

    /// <summary>The UUID of a snapshot of the VM as it is now; the last one of ours serves while nothing was written since.</summary>
    private async Task<string> BaseSnapshotAsync(VmReference vm, MachineInfo machine, CancellationToken cancellationToken)
    {
        if (machine["CurrentSnapshotName"].StartsWith(MachineNames.BaseSnapshot, StringComparison.Ordinal)
            && machine.Medium(MachineNames.Controller, 0) is { } disk && VdiFile.AllocatedBlocks(disk) == 0)
            return machine["CurrentSnapshotUUID"];
        var number = machine.Snapshots.Count(s => s.Name.StartsWith(MachineNames.BaseSnapshot, StringComparison.Ordinal)) + 1;
        await manage.CopyAsync(vm, cancellationToken, "snapshot", vm.Key(), "take", MachineNames.BaseSnapshot + number.ToString(CultureInfo.InvariantCulture));
        return (await GetAsync(vm, cancellationToken))["CurrentSnapshotUUID"];
    }

    /// <summary>Brings a stopped VM to its spec and reads back whether it is there.</summary>
    private async Task ApplyAsync(VmSpec spec, MachineInfo machine, CancellationToken cancellationToken)
    {
        var options = MachineSettings.Difference(spec, machine);
        var hasSeed = machine.Medium(MachineNames.Controller, 1) == spec.SeedPath;
        if (options.Count == 0 && hasSeed)
            return;
        if (machine.ToVmState() != VmState.Stopped)
            throw new VmRunningException(spec.Vm, "configured");

        if (!hasSeed)
            await AttachAsync(spec.Vm, 1, "dvddrive", spec.SeedPath, cancellationToken);
        if (options.Count > 0)
            await manage.RunAsync(spec.Vm, cancellationToken, ["modifyvm", spec.Vm.Key(), .. options]);
        machine = await GetAsync(spec.Vm, cancellationToken);
        if (MachineSettings.Difference(spec, machine) is { Count: > 0 } left)
            throw new VirtualBoxException(VirtualBoxFault.Unknown, $"Node '{spec.Vm.Node}' of cluster '{spec.Vm.Cluster}': VirtualBox has not taken '{string.Join(' ', left)}'");
        RefuseFullDisk(spec.Vm);
    }

    private async Task EnsureControllerAsync(VmReference vm, MachineInfo machine, CancellationToken cancellationToken)
    {
        if (!machine.HasController(MachineNames.Controller))
            await manage.RunAsync(vm, cancellationToken, "storagectl", vm.Key(), "--name", MachineNames.Controller, "--add", "sata", "--controller", "IntelAhci", "--portcount", "2", "--bootable", "on");
    }

    private Task<string> AttachAsync(VmReference vm, int port, string type, string path, CancellationToken cancellationToken)
        => manage.RunAsync(vm, cancellationToken, "storageattach", vm.Key(), "--storagectl", MachineNames.Controller, "--port", port.ToString(CultureInfo.InvariantCulture), "--device", "0", "--type", type, "--medium", path);

    private async Task<MachineInfo> GetAsync(VmReference vm, CancellationToken cancellationToken)
        => await machines.FindAsync(vm, cancellationToken) ?? throw new VmNotFoundException(vm);

    /// <summary>Makes a VM unless it is complete already, and brings it to its spec; the record is written before anything else of it exists.</summary>
    private async Task MakeAsync(VmSpec spec, IReadOnlyList<VmReference> touched, Func<Task<MachineInfo>> make, CancellationToken cancellationToken)
    {
        if (await VirtualBoxVm.IsStrangersAsync(spec.Vm, cancellationToken))
            throw new VmFolderException(spec.Vm, "it holds a VM that is not this one");
        PrivateFiles.CreateFolder(spec.Vm.Folder);
        RefuseFullDisk(spec.Vm);
        await LockedAsync(touched, async () =>
        {
            if (await VirtualBoxVm.FindAsync(spec.Vm, cancellationToken) is { IsMade: true } && await machines.FindAsync(spec.Vm, cancellationToken) is not null)
                return;
            await VirtualBoxVm.SaveAsync(spec, isMade: false, cancellationToken);
            await ApplyAsync(spec, await make(), cancellationToken);
            await VirtualBoxVm.SaveAsync(spec, isMade: true, cancellationToken);
        }, cancellationToken);
    }

    /// <summary>Changes a VM that there is.</summary>
    private async Task ChangeAsync(VmReference vm, IReadOnlyList<VmReference> touched, Func<Task> change, CancellationToken cancellationToken)
    {
        SpecRules.Check(vm);
        if (await VirtualBoxVm.FindAsync(vm, cancellationToken) is null)
            throw new VmNotFoundException(vm);
        RefuseFullDisk(vm);
        await LockedAsync(touched, change, cancellationToken);
    }

    /// <summary>Runs a change with the VMs that it touches locked, in one order so that two cannot wait for each other.</summary>
    private async Task LockedAsync(IReadOnlyList<VmReference> touched, Func<Task> change, CancellationToken cancellationToken)
    {
        var held = new List<FileLock>();
        try
        {
            foreach (var one in touched.OrderBy(t => t.Id))
            {
                PrivateFiles.CreateFolder(one.Folder);
                held.Add(await FileLock.AcquireAsync(Path.Combine(one.Folder, "vm.lock"), timeProvider, cancellationToken));
            }

            await untilSettled.ExecuteAsync(async _ => await change(), cancellationToken);
        }
        finally
        {
            foreach (var one in held)
                one.Dispose();
        }
    }

    private static void RefuseFullDisk(VmReference vm)
    {
        if (new DriveInfo(vm.Folder).AvailableFreeSpace < LeastFreeSpace)
            throw new VirtualBoxException(VirtualBoxFault.NoSpace, $"Node '{vm.Node}' of cluster '{vm.Cluster}': less than {LeastFreeSpace >> 20} MiB are free on the disk of '{vm.Folder}'");
    }
}
