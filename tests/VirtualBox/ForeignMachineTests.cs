using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>What is not ours stays as it is, whatever it is called and wherever it lies.</summary>
public sealed class ForeignMachineTests : IDisposable
{
    private readonly VirtualBoxHome home = new();

    public void Dispose() => home.Dispose();

    [VirtualBoxFact]
    public async Task A_build_and_its_end_leave_the_VMs_of_others_as_they_were_byte_for_byte()
    {
        await AddForeignAsync("fe1", "/");
        await AddForeignAsync("demo-fe2", "/vmcluster/demo");
        await AddForeignAsync("demo-fe1-old", "/vmcluster/other");
        var registered = await home.RegisteredAsync();
        var files = ForeignFiles();

        await BuildProcess.BuildAsync(home, home.Hypervisor);
        foreach (var spec in BuildProcess.Specs(home).Reverse())
            await home.Hypervisor.DeleteAsync(spec.Vm, default);

        Assert.Equal(registered, await home.RegisteredAsync());
        Assert.Equal(files, ForeignFiles());
    }

    [VirtualBoxFact]
    public async Task A_VM_of_somebody_else_that_has_the_nodes_name_stops_the_step_and_stays()
    {
        await AddForeignAsync("demo-fe1", "/");
        var files = ForeignFiles();

        var error = await Assert.ThrowsAsync<VirtualBoxException>(() => home.Hypervisor.CreateAsync(home.Spec("fe1"), default));

        Assert.Contains("VirtualBox has another VM named 'demo-fe1'", error.Message, StringComparison.Ordinal);
        Assert.Contains("give the cluster another name", error.Remedy, StringComparison.Ordinal);
        await home.Hypervisor.DeleteAsync(home.Vm("fe1"), default);
        Assert.Equal(files, ForeignFiles());
        Assert.StartsWith("\"demo-fe1\"", await home.RegisteredAsync(), StringComparison.Ordinal);
    }

    [VirtualBoxFact]
    public async Task A_VM_that_was_taken_out_of_our_group_is_nobody_of_ours_any_more()
    {
        var spec = home.Spec("fe1");
        await home.Hypervisor.CreateAsync(spec, default);
        await home.VBoxManageAsync("modifyvm", spec.Vm.Id.ToString(), "--groups", "/mine");

        var error = await Assert.ThrowsAsync<VirtualBoxException>(() => home.Hypervisor.DeleteAsync(spec.Vm, default));

        Assert.Contains("is not in the group /vmcluster/demo, so it is left alone", error.Message, StringComparison.Ordinal);
        Assert.Equal("/mine", (await home.ShowAsync(spec.Vm)).Groups);
    }

    private async Task AddForeignAsync(string name, string group)
    {
        var disk = Path.Combine(home.Root, "foreign", name + "-disk.vdi");
        await home.VBoxManageAsync("createvm", "--name", name, "--groups", group, "--basefolder", Path.Combine(home.Root, "foreign"), "--ostype", "Ubuntu_64", "--register");
        await home.VBoxManageAsync("createmedium", "disk", "--filename", disk, "--size", "100");
        await home.VBoxManageAsync("storagectl", name, "--name", "SATA", "--add", "sata");
        await home.VBoxManageAsync("storageattach", name, "--storagectl", "SATA", "--port", "0", "--device", "0", "--type", "hdd", "--medium", disk);
        await home.VBoxManageAsync("modifyvm", name, "--memory", "777", "--natpf1", "SSH,tcp,,22222,,22", "--nic2", "intnet", "--intnet2", "vmcluster-demo-5");
        await home.VBoxManageAsync("snapshot", name, "take", "vmcluster-base-1");
    }

    private SortedDictionary<string, string> ForeignFiles()
    {
        var files = Directory.EnumerateFiles(Path.Combine(home.Root, "foreign"), "*", SearchOption.AllDirectories);
        return new(files.ToDictionary(file => file, file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))));
    }
}
