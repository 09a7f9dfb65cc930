using VmCluster.Activities.Images;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>
/// The disks of VMs. A VM's disk holds the differences to an image or to a layer. A layer is a disk that was frozen
/// when its VM was cloned: the VM itself and its clones go on with disks of their own on top of it.
/// </summary>
internal sealed class QemuDisks(QemuImg qemuImg, TimeProvider timeProvider)
{
    private const long GiB = 1L << 30;

    public async Task CreateAsync(VmSpec spec, CancellationToken cancellationToken)
    {
        var image = await qemuImg.InfoAsync(spec.Image.DiskPath, "qcow2", cancellationToken);
        await OverlayAsync(spec, spec.Image.DiskPath, image.VirtualSize, cancellationToken);
    }

    /// <summary>Makes a disk that starts with the contents of the source's, which stays as it is until this returns.</summary>
    public async Task LinkAsync(VmSpec spec, QemuVm source, CancellationToken cancellationToken)
    {
        var files = new QemuFiles(source.Spec.Vm);
        PrivateFiles.CreateFolder(files.ClusterFolder);

        // Held until the clone's disk names its layer, so that nobody takes the layer for one that is not used.
        using var held = await FileLock.AcquireAsync(files.LayersLock, timeProvider, cancellationToken);
        var disk = await qemuImg.InfoAsync(files.Disk, "qcow2", cancellationToken);
        var layer = source.DiskIsTouched || disk.BackingFile is null
            ? await FreezeAsync(source, disk.VirtualSize, cancellationToken)
            : disk.BackingFile;
        await OverlayAsync(spec, layer, disk.VirtualSize, cancellationToken);
    }

    /// <summary>Makes a disk of its own with the contents of the source's.</summary>
    public async Task CopyAsync(VmSpec spec, QemuVm source, CancellationToken cancellationToken)
    {
        var disk = new QemuFiles(source.Spec.Vm).Disk;
        var info = await qemuImg.InfoAsync(disk, "qcow2", cancellationToken);
        var target = new QemuFiles(spec.Vm).Disk;
        PrivateFiles.DeleteTemporaries(target);
        await qemuImg.CopyAsync(disk, "qcow2", target, SizeAtLeast(spec, info.VirtualSize), cancellationToken);
    }

    /// <summary>Completes or drops what a crash has left of a freeze.</summary>
    public static void Repair(VmReference vm)
    {
        var files = new QemuFiles(vm);
        if (!File.Exists(files.NextDisk))
            return;
        if (File.Exists(files.Disk))
            File.Delete(files.NextDisk);
        else
            File.Move(files.NextDisk, files.Disk);
    }

    /// <summary>Removes the layers that no disk of the cluster is built on any more.</summary>
    public async Task RemoveUnusedLayersAsync(VmReference vm, CancellationToken cancellationToken)
    {
        var files = new QemuFiles(vm);
        if (!Directory.Exists(files.Layers))
            return;
        using (await FileLock.AcquireAsync(files.LayersLock, timeProvider, cancellationToken))
        {
            var used = new HashSet<string>();
            foreach (var folder in Directory.EnumerateDirectories(files.ClusterFolder).Where(folder => folder != files.Layers))
            {
                foreach (var disk in Directory.EnumerateFiles(folder, "*disk.qcow2"))
                    await AddChainAsync(disk, used, cancellationToken);
            }

            foreach (var layer in Directory.EnumerateFiles(files.Layers).Where(layer => !used.Contains(layer)))
                File.Delete(layer);
            if (!Directory.EnumerateFiles(files.Layers).Any())
                Directory.Delete(files.Layers);
        }
    }

    private async Task AddChainAsync(string disk, HashSet<string> used, CancellationToken cancellationToken)
    {
        for (string? file = disk; file is not null && File.Exists(file) && used.Add(file);)
            file = (await qemuImg.InfoAsync(file, "qcow2", cancellationToken)).BackingFile;
    }

    /// <summary>Turns the VM's disk into a layer and gives the VM a new disk on top; returns the layer.</summary>
    /// <remarks>
    /// The new disk is complete before the old one moves, so at every moment either the old disk is in its place or the
    /// next one lies ready (<see cref="Repair"/>).
    /// </remarks>
    private async Task<string> FreezeAsync(QemuVm vm, long size, CancellationToken cancellationToken)
    {
        var files = new QemuFiles(vm.Spec.Vm);
        PrivateFiles.CreateFolder(files.Layers);
        var layer = Path.Combine(files.Layers, $"{Guid.NewGuid():N}.qcow2");
        PrivateFiles.DeleteTemporaries(files.NextDisk);
        await qemuImg.CreateOverlayAsync(files.NextDisk, layer, size, backingComesLater: true, cancellationToken);
        File.Move(files.Disk, layer);
        File.Move(files.NextDisk, files.Disk);
        await (vm with { DiskIsTouched = false }).SaveAsync(cancellationToken);
        return layer;
    }

    private Task OverlayAsync(VmSpec spec, string backing, long backingSize, CancellationToken cancellationToken)
    {
        var disk = new QemuFiles(spec.Vm).Disk;
        PrivateFiles.DeleteTemporaries(disk);
        return qemuImg.CreateOverlayAsync(disk, backing, SizeAtLeast(spec, backingSize), backingComesLater: false, cancellationToken);
    }

    private static long SizeAtLeast(VmSpec spec, long minimum) =>
        spec.DiskGiB * GiB >= minimum ? spec.DiskGiB * GiB : throw new DiskTooSmallException(spec.Vm, spec.DiskGiB, (minimum + GiB - 1) / GiB);
}
