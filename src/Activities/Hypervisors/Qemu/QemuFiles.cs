using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>Where the files of a VM are. All paths are absolute: a QEMU in the background has no folder of its own.</summary>
internal readonly record struct QemuFiles(VmReference Vm)
{
    public string Record => Path.Combine(Vm.Folder, "vm.json");

    public string Disk => Path.Combine(Vm.Folder, "disk.qcow2");

    /// <summary>The disk to be, while the present one becomes a layer.</summary>
    public string NextDisk => Path.Combine(Vm.Folder, "next-disk.qcow2");

    /// <summary>Whether the VM's disk has been made, wherever it lies at this moment.</summary>
    public bool HasDisk => File.Exists(Disk) || File.Exists(NextDisk);

    public string Console => Path.Combine(Vm.Folder, "console.log");

    public string ProcessId => Path.Combine(Vm.Folder, "qemu.pid");

    public string Lock => Path.Combine(Vm.Folder, "vm.lock");

    public string ClusterFolder => Path.GetDirectoryName(Vm.Folder)!;

    /// <summary>Disks that were frozen to be shared by clones.</summary>
    public string Layers => Path.Combine(ClusterFolder, "layers");

    public string LayersLock => Path.Combine(ClusterFolder, "layers.lock");

    public string Monitor(RunFolder folder) => folder.Socket($"{Vm.Id:N}.qmp");
}
