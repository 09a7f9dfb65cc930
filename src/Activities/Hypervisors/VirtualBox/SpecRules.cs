using System.Globalization;
using System.Text.RegularExpressions;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>Refuses what VBoxManage would take although it is wrong: it stores port 99999 as 34463 and says nothing.</summary>
internal static partial class SpecRules
{
    public static void Check(VmSpec spec)
    {
        Check(spec.Vm);
        Require(spec, spec.Cpus is >= 1 and <= 64, $"the number of CPUs, {spec.Cpus}, is not within 1 to 64");
        Require(spec, spec.MemoryMiB is >= 4 and <= 2_097_152, $"the memory, {spec.MemoryMiB} MiB, is not within 4 MiB to 2 TiB");
        Require(spec, spec.DiskGiB is >= 1 and <= 2048, $"the disk, {spec.DiskGiB} GiB, is not within 1 GiB to 2 TiB");
        Require(spec, spec.Nat.SshPort is >= 1 and <= 65535, $"the SSH port, {spec.Nat.SshPort}, is not within 1 to 65535");
        Require(spec, Path.IsPathFullyQualified(spec.SeedPath), $"the path of the seed, '{spec.SeedPath}', is not absolute");
        Mac(spec, spec.Nat.Mac);
        if (spec.Network is { } network)
        {
            Mac(spec, network.Mac);
            Require(spec, network.Segment >= 0, $"the number of the network segment, {network.Segment}, is negative");
        }
    }

    public static void Check(VmReference vm)
    {
        Require(vm, vm.Id != Guid.Empty, "it has no UUID");
        Require(vm, LabelPattern().IsMatch(vm.Cluster) && LabelPattern().IsMatch(vm.Node), "its name may have letters, digits and inner hyphens only, up to 63");
        Require(vm, Path.IsPathFullyQualified(vm.Folder), $"its folder, '{vm.Folder}', is not an absolute path");
    }

    /// <summary>The name of a snapshot: no hyphen in front, which would be read as an option.</summary>
    public static void CheckSnapshot(VmReference vm, string snapshot)
        => Require(vm, SnapshotPattern().IsMatch(snapshot), $"'{snapshot}' is no name for a snapshot: letters, digits, space, '.', '_' and inner hyphens, up to 100");

    /// <summary>As VirtualBox takes a MAC address: twelve digits without colons.</summary>
    public static string Plain(string mac) => mac.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();

    private static void Mac(VmSpec spec, string mac)
        => Require(spec, MacPattern().IsMatch(mac) && (Convert.ToByte(mac[..2], 16) & 1) == 0, $"'{mac}' is no MAC address of one adapter, such as 52:54:00:12:34:56");

    private static void Require(VmSpec spec, bool holds, FormattableString otherwise) => Require(spec.Vm, holds, otherwise.ToString(CultureInfo.InvariantCulture));

    private static void Require(VmReference vm, bool holds, string otherwise)
    {
        if (!holds)
            throw new VirtualBoxException(VirtualBoxFault.BadArgument, $"Node '{vm.Node}' of cluster '{vm.Cluster}' cannot be made: {otherwise}");
    }

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelPattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SnapshotPattern();

    [GeneratedRegex(@"^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MacPattern();
}
