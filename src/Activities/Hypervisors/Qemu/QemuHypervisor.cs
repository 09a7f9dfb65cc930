using VmCluster.Activities.Images;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>
/// Runs VMs by QEMU, with KVM where the computer has it and by software emulation where not. It needs neither root nor
/// a bridge: the NAT is QEMU's own, and the cluster's network is a multicast group on the loopback interface.
/// </summary>
public sealed class QemuHypervisor : IHypervisor
{
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);

    private readonly ICommandRunner _runner;
    private readonly TimeProvider _timeProvider;
    private readonly QemuDisks _disks;
    private readonly Lazy<RunFolder> _runFolder;
    private readonly KvmCheck _kvm;

    public QemuHypervisor(ICommandRunner runner, TimeProvider timeProvider)
        : this(runner, timeProvider, RunFolder.Open)
    {
    }

    internal QemuHypervisor(ICommandRunner runner, TimeProvider timeProvider, Func<RunFolder> openRunFolder)
    {
        _runner = runner;
        _timeProvider = timeProvider;
        _disks = new QemuDisks(new QemuImg(runner), timeProvider);
        _runFolder = new Lazy<RunFolder>(openRunFolder);
        _kvm = new KvmCheck(runner, _runFolder);
    }

    public string Name => "qemu";

    public Task<IReadOnlyList<HypervisorProblem>> CheckAsync(CancellationToken cancellationToken) =>
        QemuCheck.RunAsync(_runner, _runFolder, _kvm, cancellationToken);

    public async Task<VmInfo?> FindAsync(VmReference vm, CancellationToken cancellationToken)
    {
        if (await QemuVm.FindAsync(vm, cancellationToken) is not { } found)
            return null;
        if (QemuProcess.Find(vm) is not { } process)
            return new QemuFiles(vm).HasDisk ? new VmInfo(VmState.Stopped, null, found.Spec, "stopped") : null;
        var status = await Monitor(vm).QueryStatusAsync(cancellationToken);
        return status is null && QemuProcess.Find(vm) is null
            ? new VmInfo(VmState.Stopped, null, found.Spec, "stopped")
            : new VmInfo(StateOf(status), process.Id, found.Spec, status ?? "no answer");
    }

    public async Task CreateAsync(VmSpec spec, CancellationToken cancellationToken)
    {
        using var held = await EnterFolderAsync(spec.Vm, cancellationToken);
        if (await PrepareAsync(spec, cancellationToken))
            await _disks.CreateAsync(spec, cancellationToken);
    }

    public async Task CloneAsync(VmSpec spec, VmReference source, CloneKind kind, CancellationToken cancellationToken)
    {
        using var held = await EnterFolderAsync(spec.Vm, cancellationToken);
        if (!await PrepareAsync(spec, cancellationToken))
            return;
        await QemuVm.GetAsync(source, cancellationToken);

        // Clones of one source take turns; what each does to the source takes no time.
        using var sourceHeld = await FileLock.AcquireAsync(new QemuFiles(source).Lock, _timeProvider, cancellationToken);
        if (QemuProcess.Find(source) is not null)
            throw new VmRunningException(source, "cloned");
        QemuDisks.Repair(source);
        var sourceVm = await QemuVm.GetAsync(source, cancellationToken);
        await (kind == CloneKind.Linked ? _disks.LinkAsync(spec, sourceVm, cancellationToken) : _disks.CopyAsync(spec, sourceVm, cancellationToken));
    }

    public async Task ConfigureAsync(VmSpec spec, CancellationToken cancellationToken)
    {
        await QemuVm.GetAsync(spec.Vm, cancellationToken);
        using var held = await EnterFolderAsync(spec.Vm, cancellationToken);
        var vm = await QemuVm.GetAsync(spec.Vm, cancellationToken);
        if (vm.Spec == spec)
            return;
        if (QemuProcess.Find(spec.Vm) is not null)
            throw new VmRunningException(spec.Vm, "configured");
        await (vm with { Spec = spec }).SaveAsync(cancellationToken);
    }

    public async Task StartAsync(VmReference vm, CancellationToken cancellationToken)
    {
        await QemuVm.GetAsync(vm, cancellationToken);
        using var held = await EnterFolderAsync(vm, cancellationToken);
        var found = await QemuVm.GetAsync(vm, cancellationToken);
        if (QemuProcess.Find(vm) is null)
            await LaunchAsync(found, cancellationToken);

        var status = await Monitor(vm).QueryStatusAsync(cancellationToken);
        if (QemuProcess.Find(vm) is null)
            throw new VmStartException(vm, "QEMU ended at once", $"See the end of {new QemuFiles(vm).Console}, then retry the step.");
        if (StateOf(status) != VmState.Running)
            throw new VmStartException(vm, $"QEMU says '{status ?? "nothing"}'", "Stop the node (StopNode), correct the cause, then retry the step.");
    }

    public async Task StopAsync(VmReference vm, TimeSpan grace, CancellationToken cancellationToken)
    {
        await QemuVm.GetAsync(vm, cancellationToken);
        using var held = await EnterFolderAsync(vm, cancellationToken);
        await StopProcessAsync(vm, grace, cancellationToken);
    }

    public async Task DeleteAsync(VmReference vm, CancellationToken cancellationToken)
    {
        if (await QemuVm.FindAsync(vm, cancellationToken) is not null)
        {
            using var held = await EnterFolderAsync(vm, cancellationToken);
            await StopProcessAsync(vm, TimeSpan.Zero, cancellationToken);
            RemoveFolder(vm);
        }

        await _disks.RemoveUnusedLayersAsync(vm, cancellationToken);
    }

    /// <summary>Writes the VM's record before anything else of it exists; false where the VM is complete already.</summary>
    private static async Task<bool> PrepareAsync(VmSpec spec, CancellationToken cancellationToken)
    {
        var files = new QemuFiles(spec.Vm);
        var found = await QemuVm.FindAsync(spec.Vm, cancellationToken);
        if (found is null && (File.Exists(files.Record) || File.Exists(files.Disk)))
            throw new VmFolderException(spec.Vm, "it holds a VM that is not this one");
        if (found is not null)
            QemuDisks.Repair(spec.Vm);
        if (found is not null && File.Exists(files.Disk))
            return false;
        await QemuVm.Untouched(spec).SaveAsync(cancellationToken);
        return true;
    }

    private async Task LaunchAsync(QemuVm vm, CancellationToken cancellationToken)
    {
        var files = new QemuFiles(vm.Spec.Vm);
        QemuDisks.Repair(vm.Spec.Vm);
        if (!File.Exists(files.Disk))
            throw new VmStartException(vm.Spec.Vm, "its disk is missing", "Delete the node and make it again (DeleteNode, then CreateNode or CloneNode).");
        await (vm with { DiskIsTouched = true }).SaveAsync(cancellationToken);
        RemoveTraces(vm.Spec.Vm);

        var command = QemuCommandLine.Build(vm.Spec, files, files.Monitor(_runFolder.Value), await _kvm.IsUsableAsync(cancellationToken));
        var result = await _runner.RunAsync(command, cancellationToken);

        // A start from before a crash may have been under way still, and have come first.
        if (!result.Succeeded && QemuProcess.Find(vm.Spec.Vm) is null)
            throw QemuStartError.Explain(vm.Spec, result);
    }

    private async Task StopProcessAsync(VmReference vm, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (QemuProcess.Find(vm) is { } process)
        {
            var monitor = Monitor(vm);
            var isDown = grace > TimeSpan.Zero
                && await monitor.ExecuteAsync("system_powerdown", cancellationToken) is not null
                && await process.WaitForExitAsync(grace, _timeProvider, cancellationToken);
            if (!isDown)
            {
                await monitor.ExecuteAsync("quit", cancellationToken);
                isDown = await process.WaitForExitAsync(QuitTimeout, _timeProvider, cancellationToken);
            }

            if (!isDown)
            {
                process.Kill();
                if (!await process.WaitForExitAsync(KillTimeout, _timeProvider, cancellationToken))
                    throw new VmStopException(vm, process.Id);
            }
        }

        RemoveTraces(vm);
    }

    /// <summary>Removes what a process that is gone has left.</summary>
    private void RemoveTraces(VmReference vm)
    {
        var files = new QemuFiles(vm);
        File.Delete(files.ProcessId);
        File.Delete(files.Monitor(_runFolder.Value));
    }

    /// <summary>The record goes last: as long as anything else is there, the next call knows whose it is.</summary>
    private static void RemoveFolder(VmReference vm)
    {
        var record = new QemuFiles(vm).Record;
        foreach (var folder in Directory.EnumerateDirectories(vm.Folder))
            Directory.Delete(folder, recursive: true);
        foreach (var file in Directory.EnumerateFiles(vm.Folder).Where(file => file != record))
            File.Delete(file);
        Directory.Delete(vm.Folder, recursive: true);
    }

    private Task<FileLock> EnterFolderAsync(VmReference vm, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateFolder(vm.Folder);
        return FileLock.AcquireAsync(new QemuFiles(vm).Lock, _timeProvider, cancellationToken);
    }

    private QmpClient Monitor(VmReference vm) => new(new QemuFiles(vm).Monitor(_runFolder.Value), _timeProvider);

    private static VmState StateOf(string? status) =>
        status is "running" or "prelaunch" or "inmigrate" or "restore-vm" or "shutdown" ? VmState.Running : VmState.Stalled;
}
