using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Ledger;

namespace VmCluster.Activities.Clusters;

/// <summary>The checks that need nothing but the plan and this computer. Each yields what is wrong.</summary>
public static partial class Preflight
{
    private const int MaxNodes = 32;

    // What Ubuntu names as the least for its server's installer.
    private const int InstallerMiB = 1536;

    // What QEMU takes beside the guest's memory, its translation cache most of all.
    private const int OverheadMiB = 128;

    // What a node writes to its disk in its first days; the rest of the disk takes no space until it is used.
    private const int UsedDiskGiB = 1;

    public static IEnumerable<PreflightProblem> Name(string name)
    {
        if (!NamePattern().IsMatch(name))
            yield return new($"'{name}' cannot be a cluster's name", "Use up to 63 lowercase letters, digits and hyphens, with a letter or digit at both ends.");
    }

    public static IEnumerable<PreflightProblem> Count(int count, int atLeast = 1)
    {
        if (count < atLeast || count > MaxNodes)
            yield return new($"A cluster cannot have {count} nodes", $"Ask for at least {atLeast} and at most {MaxNodes}.");
    }

    public static IEnumerable<PreflightProblem> Sizes(int cpus, int memoryMiB, int diskGiB)
    {
        if (cpus is < 1 or > 64)
            yield return new($"A node cannot have {cpus} CPUs", "Ask for 1 to 64.");
        if (memoryMiB < 256)
            yield return new($"{memoryMiB} MiB of memory are too little for a node", "Ask for at least 256 MiB.");
        if (diskGiB < 3)
            yield return new($"A disk of {diskGiB} GiB is too small for a node", "Ask for at least 3 GiB.");
    }

    /// <param name="availableMiB">What this computer has to give.</param>
    /// <param name="nodes">How many nodes are to be started.</param>
    /// <param name="memoryMiB">The memory of each.</param>
    public static IEnumerable<PreflightProblem> Memory(long availableMiB, int nodes, int memoryMiB)
    {
        var needed = (long)nodes * (memoryMiB + OverheadMiB);
        if (needed > availableMiB)
            yield return new(
                $"{nodes} nodes of {memoryMiB} MiB need {needed} MiB of memory, and {availableMiB} MiB are available",
                "Ask for fewer nodes or less memory, or close other programs.", CanBeForced: true);
    }

    /// <param name="freeGiB">Free space where the disks will be.</param>
    /// <param name="totalGiB">Size of the file system there.</param>
    /// <param name="nodes">How many nodes there will be.</param>
    /// <param name="diskGiB">The disk of each.</param>
    public static IEnumerable<PreflightProblem> Disk(long freeGiB, long totalGiB, int nodes, int diskGiB)
    {
        if ((long)nodes * UsedDiskGiB > freeGiB)
            yield return new($"{nodes} nodes need {nodes * UsedDiskGiB} GiB of disk space to begin with, and {freeGiB} GiB are free", "Make room, or ask for fewer nodes.", CanBeForced: true);
        else if (diskGiB > totalGiB)
            yield return new($"A disk of {diskGiB} GiB is larger than the whole file system that would hold it ({totalGiB} GiB)", "Ask for smaller disks.", CanBeForced: true);
    }

    /// <param name="name">What the user calls it.</param>
    /// <param name="image">The image.</param>
    /// <param name="hypervisor">What shall boot it.</param>
    /// <param name="memoryMiB">The memory of each node.</param>
    public static IEnumerable<PreflightProblem> Image(string name, BootImage image, IHypervisor hypervisor, int memoryMiB)
    {
        if (image.KernelPath is not null && !hypervisor.BootsKernels)
            yield return new($"The image '{name}' has no boot loader, and {hypervisor.Name} boots nothing else", $"Use --image {hypervisor.DefaultImage}, or another provider.");
        if (image.IsInstaller && !hypervisor.InstallsFromIso)
            yield return new($"The image '{name}' is the ISO of an installer, and {hypervisor.Name} installs nothing", "Use a disk image, or --provider virtualbox.");
        else if (image.IsInstaller && memoryMiB < InstallerMiB)
            yield return new($"{memoryMiB} MiB of memory are too little for the installer on '{name}'", "Ask for --memory 3072, as the book does.", CanBeForced: true);
    }

    /// <param name="text">For instance <c>192.168.56.0/24</c>.</param>
    /// <param name="nodes">How many nodes need an address.</param>
    /// <param name="hostNetworks">The networks that this computer is in.</param>
    public static IEnumerable<PreflightProblem> Subnet(string text, int nodes, IEnumerable<(string Interface, IPNetwork Network)> hostNetworks)
    {
        if (!TryParseSubnet(text, out var subnet))
        {
            yield return new($"'{text}' is no IPv4 subnet", "Give the network's first address and the length of its prefix, for instance 192.168.56.0/24.");
            yield break;
        }

        if (ClusterAddresses.Capacity(subnet) < nodes)
            yield return new($"The subnet {text} has addresses for {ClusterAddresses.Capacity(subnet)} nodes, not for {nodes}", "Take a larger one, for instance 192.168.56.0/24.");
        foreach (var (name, network) in hostNetworks.Append(("the hypervisor's NAT", new IPNetwork(new IPAddress([10, 0, 2, 0]), 24))))
        {
            if (network.Contains(subnet.BaseAddress) || subnet.Contains(network.BaseAddress))
                yield return new($"The subnet {text} overlaps {network}, which {name} uses", "Take another one, for instance 192.168.57.0/24.", CanBeForced: true);
        }
    }

    public static bool TryParseSubnet(string text, out IPNetwork subnet) =>
        IPNetwork.TryParse(text, out subnet) && subnet.BaseAddress.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>The IPv4 networks that this computer is in, with the names of its interfaces.</summary>
    public static IEnumerable<(string Interface, IPNetwork Network)> HostNetworks() =>
        from nic in NetworkInterface.GetAllNetworkInterfaces()
        from address in nic.GetIPProperties().UnicastAddresses
        where address.Address.AddressFamily == AddressFamily.InterNetwork
        select ($"interface {nic.Name}", Network(address.Address, address.PrefixLength));

    /// <summary>Memory that new processes can have without swapping.</summary>
    public static long AvailableMemoryMiB()
    {
        var line = File.Exists("/proc/meminfo") ? File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemAvailable:", StringComparison.Ordinal)) : null;
        return line is not null
            ? long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
    }

    private static IPNetwork Network(IPAddress address, int prefixLength)
    {
        var mask = prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength);
        var number = ClusterAddresses.ToNumber(address) & mask;
        return new IPNetwork(new IPAddress([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]), prefixLength);
    }

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
