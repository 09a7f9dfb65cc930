using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>VBoxManage stores port 99999 as 34463 and takes a name such as <c>-dash</c>; so the driver looks first.</summary>
public sealed class BadArgumentTests : IDisposable
{
    private readonly VirtualBoxHomeless home = new();

    public void Dispose() => home.Dispose();

    public static TheoryData<string, Func<VmSpec, VmSpec>> Wrong => new()
    {
        { "SSH port, 99999", s => s with { Nat = s.Nat with { SshPort = 99999 } } },
        { "SSH port, 0", s => s with { Nat = s.Nat with { SshPort = 0 } } },
        { "no MAC address", s => s with { Nat = s.Nat with { Mac = "525400000101" } } },
        { "no MAC address", s => s with { Nat = s.Nat with { Mac = "53:54:00:00:01:01" } } },
        { "no MAC address", s => s with { Network = new ClusterNic("52:54:00:00:01", 5) } },
        { "network segment, -1", s => s with { Network = new ClusterNic("52:54:00:00:01:01", -1) } },
        { "number of CPUs, 0", s => s with { Cpus = 0 } },
        { "memory, 1 MiB", s => s with { MemoryMiB = 1 } },
        { "disk, 0 GiB", s => s with { DiskGiB = 0 } },
        { "not absolute", s => s with { SeedPath = "seed.iso" } },
        { "letters, digits and inner hyphens", s => s with { Vm = s.Vm with { Node = "-dash" } } },
        { "letters, digits and inner hyphens", s => s with { Vm = s.Vm with { Node = "../esc" } } },
        { "letters, digits and inner hyphens", s => s with { Vm = s.Vm with { Cluster = "a/b" } } },
        { "letters, digits and inner hyphens", s => s with { Vm = s.Vm with { Node = "fe1\n" } } },
        { "not an absolute path", s => s with { Vm = s.Vm with { Folder = "fe1" } } },
        { "no UUID", s => s with { Vm = s.Vm with { Id = Guid.Empty } } },
        { "no boot loader", s => s with { Image = s.Image with { KernelPath = "/boot/vmlinuz" } } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_VBoxManage_would_take_though_it_is_wrong_is_refused_before_any_call(string reason, Func<VmSpec, VmSpec> wrong)
    {
        var error = await Assert.ThrowsAsync<VirtualBoxException>(() => home.Hypervisor.CreateAsync(wrong(home.Spec), default));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Empty(home.Commands);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Root));
    }

    [Theory]
    [InlineData("-dash")]
    [InlineData("a/b")]
    [InlineData("")]
    public async Task A_snapshots_name_that_could_be_an_option_is_refused(string name)
    {
        var error = await Assert.ThrowsAsync<VirtualBoxException>(() => home.Hypervisor.TakeSnapshotAsync(home.Spec.Vm, name, default));

        Assert.Equal(VirtualBoxFault.BadArgument, error.Fault);
        Assert.Empty(home.Commands);
    }

    /// <summary>A driver without a VirtualBox, which nothing may ask for.</summary>
    private sealed class VirtualBoxHomeless : IDisposable
    {
        private readonly ScriptedCommands runner = new(command => throw new InvalidOperationException(command.ToString()));

        public VirtualBoxHomeless() => Hypervisor = new VirtualBoxHypervisor(runner, new Activities.DataFolder(Root), TimeProvider.System);

        public string Root { get; } = Directory.CreateTempSubdirectory("vbt").FullName;

        public VirtualBoxHypervisor Hypervisor { get; }

        public IEnumerable<Activities.Processes.Command> Commands => runner.Commands;

        public VmSpec Spec => new()
        {
            Vm = new VmReference(Guid.NewGuid(), "demo", "fe1", Path.Combine(Root, "fe1")),
            Cpus = 1,
            MemoryMiB = 512,
            DiskGiB = 8,
            Image = new BootImage("/image.qcow2"),
            Nat = new NatNic("52:54:00:00:01:01", 22222),
            SeedPath = Path.Combine(Root, "seed.iso"),
        };

        public void Dispose() => Directory.Delete(Root, recursive: true);
    }
}
