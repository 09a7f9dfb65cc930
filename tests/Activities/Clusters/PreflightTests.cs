using System.Net;
using VmCluster.Activities.Clusters;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.Activities.Tests.Clusters;

public sealed class PreflightTests
{
    [Theory]
    [InlineData("demo")]
    [InlineData("a")]
    [InlineData("9-lives")]
    [InlineData("a234567890b234567890c234567890d234567890e234567890f234567890g23")]
    public void A_host_name_is_a_good_cluster_name(string name) => Assert.Empty(Preflight.Name(name));

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("two words")]
    [InlineData("-x")]
    [InlineData("x-")]
    [InlineData("Demo")]
    [InlineData("demo\n")]
    [InlineData("a234567890b234567890c234567890d234567890e234567890f234567890g234")]
    public void Another_name_is_refused_with_the_rule(string name) =>
        Assert.Contains("letters, digits and hyphens", Assert.Single(Preflight.Name(name)).Remedy, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(32, 0)]
    [InlineData(33, 1)]
    public void A_cluster_has_one_to_thirty_two_nodes(int count, int problems) => Assert.Equal(problems, Preflight.Count(count).Count());

    [Fact]
    public void Too_little_memory_is_said_with_both_numbers()
    {
        Assert.Empty(Preflight.Memory(availableMiB: 1920, nodes: 3, memoryMiB: 512));
        var problem = Assert.Single(Preflight.Memory(availableMiB: 1919, nodes: 3, memoryMiB: 512));
        Assert.Contains("1920 MiB", problem.What, StringComparison.Ordinal);
        Assert.True(problem.CanBeForced);
    }

    [Theory]
    [InlineData(100, 3, 8, 0)]
    [InlineData(2, 3, 8, 1)]
    [InlineData(100, 3, 4_000, 1)]
    public void Disks_must_fit(int freeGiB, int nodes, int diskGiB, int problems) => Assert.Equal(problems, Preflight.Disk(freeGiB, 200, nodes, diskGiB).Count());

    [Theory]
    [InlineData("192.168.56.0/24", 0)]
    [InlineData("192.168.56.1/24", 0)]
    [InlineData("nonsense", 1)]
    [InlineData("fd00::/64", 1)]
    [InlineData("192.168.56.0/29", 1)]
    [InlineData("172.17.3.0/24", 1)]
    [InlineData("172.0.0.0/8", 1)]
    [InlineData("10.0.2.0/24", 1)]
    public void A_subnet_must_be_one_large_enough_and_nobodys(string subnet, int problems) =>
        Assert.Equal(problems, Preflight.Subnet(subnet, 3, [("interface docker0", IPNetwork.Parse("172.17.0.0/16"))]).Count());

    [Fact]
    public void This_computers_own_networks_are_known()
    {
        Assert.Contains(Preflight.HostNetworks(), network => network.Network.ToString() == "127.0.0.0/8");
        Assert.True(Preflight.AvailableMemoryMiB() > 0);
    }

    [Fact]
    public void Everything_that_is_wrong_is_in_one_message()
    {
        var error = Assert.Throws<PreflightException>(() => PreflightException.ThrowIfAny([.. Preflight.Name("x y"), .. Preflight.Count(0), .. Preflight.Memory(1, 1, 512)]));
        Assert.Equal(3, error.Problems.Count);
        Assert.All(["'x y'", "0 nodes", "640 MiB", "--force"], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_image_must_suit_what_shall_boot_it()
    {
        var qemu = new FakeHypervisor();

        Assert.Empty(Preflight.Image("debian-12", new BootImage("/disk", KernelPath: "/vmlinuz"), qemu, 512));
        var problem = Assert.Single(Preflight.Image("/ubuntu.iso", new BootImage("/ubuntu.iso", IsInstaller: true), qemu, 3072));
        Assert.Contains("--provider virtualbox", problem.Remedy, StringComparison.Ordinal);
    }
}
