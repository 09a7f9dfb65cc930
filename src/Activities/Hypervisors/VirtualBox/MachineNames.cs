using System.Globalization;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>What a node is called in VirtualBox, and where its files are.</summary>
internal static class MachineNames
{
    /// <summary>Before the number of a snapshot that linked clones hang on.</summary>
    public const string BaseSnapshot = "vmcluster-base-";

    public const string Controller = "SATA";

    public const string SshRule = "SSH";

    /// <summary>The name in VirtualBox Manager, for instance <c>demo-fe1</c>: clusters have nodes of equal names.</summary>
    public static string MachineName(this VmReference vm) => $"{vm.Cluster}-{vm.Node}";

    /// <summary>Our label. A group is given in the very call that creates a VM, so there is no moment without it.</summary>
    public static string Group(this VmReference vm) => $"/vmcluster/{vm.Cluster}";

    /// <summary>VirtualBox puts a VM's files below its base folder by group and name.</summary>
    public static string MachineFolder(this VmReference vm) => Path.Combine(vm.Folder, "vmcluster", vm.Cluster, vm.MachineName());

    public static string SettingsFile(this VmReference vm) => Path.Combine(vm.MachineFolder(), vm.MachineName() + ".vbox");

    public static string DiskPath(this VmReference vm) => Path.Combine(vm.MachineFolder(), vm.MachineName() + ".vdi");

    public static string ConsolePath(this VmReference vm) => Path.Combine(vm.Folder, "console.log");

    /// <summary>The internal network of the cluster; the segment keeps clusters of one name in two data folders apart.</summary>
    public static string NetworkName(this VmSpec spec) => string.Create(CultureInfo.InvariantCulture, $"vmcluster-{spec.Vm.Cluster}-{spec.Network!.Segment}");

    /// <summary>How VBoxManage takes a VM: by our UUID, never by name.</summary>
    public static string Key(this VmReference vm) => vm.Id.ToString("D");

    public static bool IsOurs(this MachineInfo machine, VmReference vm) => machine.Id == vm.Id && machine.Groups.Split(',').Contains(vm.Group());
}
