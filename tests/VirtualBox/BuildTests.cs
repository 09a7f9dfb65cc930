using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>Nodes on the real VBoxManage, up to the boot.</summary>
public sealed class BuildTests : IDisposable
{
    private readonly VirtualBoxHome home = new();

    public void Dispose() => home.Dispose();

    [VirtualBoxFact]
    public async Task A_build_makes_the_VMs_of_the_plan_and_deleting_them_leaves_VirtualBox_as_it_was()
    {
        await BuildProcess.BuildAsync(home, home.Hypervisor);

        foreach (var (spec, index) in BuildProcess.Specs(home).Select((s, i) => (s, i)))
        {
            var machine = await home.ShowAsync(spec.Vm);
            Assert.Equal($"demo-{spec.Vm.Node}", machine.Name);
            Assert.Equal("/vmcluster/demo", machine.Groups);
            Assert.Equal(spec.Vm.Id.ToString(), machine["hardwareuuid"]);
            Assert.Equal("512", machine["memory"]);
            Assert.Equal("2", machine["cpus"]);
            Assert.Equal("disk", machine["boot1"]);
            Assert.Equal([(1, $"SSH,tcp,127.0.0.1,{22222 + index},,22")], machine.Forwards);
            Assert.Equal($"52540000010{index}", machine["macaddress1"]);
            Assert.Equal($"52540000020{index}", machine["macaddress2"]);
            Assert.Equal("vmcluster-demo-5", machine["intnet2"]);
            Assert.Equal(spec.SeedPath, machine.Medium("SATA", 1));
            Assert.Equal("file," + Path.Combine(spec.Vm.Folder, "console.log"), machine["uartmode1"]);
        }

        // A call in a hundred stalls for ten seconds; one that were ended for it would be a call in a hundred that fails.
        Assert.All(home.Runner.Commands, command => Assert.True(command.Timeout >= TimeSpan.FromSeconds(30), command.ToString()));

        foreach (var spec in BuildProcess.Specs(home).Reverse())
            await home.Hypervisor.DeleteAsync(spec.Vm, CancellationToken.None);
        Assert.Equal("", await home.RegisteredAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Data.Cluster("demo")));
    }
}
