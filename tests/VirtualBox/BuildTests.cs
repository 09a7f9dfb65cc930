using System.Text.RegularExpressions;
using VmCluster.Activities.Processes;
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
            Assert.Equal("3072", machine["memory"]);
            Assert.Equal("2", machine["cpus"]);
            Assert.Equal("disk", machine["boot1"]);
            Assert.Equal([(1, $"SSH,tcp,127.0.0.1,{22222 + index},,22")], machine.Forwards);
            Assert.Equal($"52540000010{index}", machine["macaddress1"]);
            Assert.Equal($"52540000020{index}", machine["macaddress2"]);
            Assert.Equal("vmcluster-demo-5", machine["intnet2"]);
            Assert.Equal(spec.SeedPath, machine.Medium("SATA", 1));
            Assert.Equal("file," + Path.Combine(spec.Vm.Folder, "console.log"), machine["uartmode1"]);
        }

        foreach (var spec in BuildProcess.Specs(home).Reverse())
            await home.Hypervisor.DeleteAsync(spec.Vm, CancellationToken.None);
        Assert.Equal("", await home.RegisteredAsync());
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Data.Cluster("demo")));
    }

    [VirtualBoxFact]
    public async Task The_commands_of_a_build_are_those_of_the_documentation_and_have_the_time_that_a_stalled_call_takes()
    {
        await BuildProcess.BuildAsync(home, home.Hypervisor);

        var documentation = await File.ReadAllTextAsync(Path.Combine(Repository(), "docs", "virtualbox.md"));
        var changing = home.Runner.Commands.Where(command => command.Arguments[0] is not ("--version" or "list" or "showvminfo")).ToList();
        Assert.True(changing.Count > 10);
        Assert.All(changing, command => Assert.Contains($"`{Generalize(command)}`", documentation, StringComparison.Ordinal));

        // A call in a hundred stalls for ten seconds; were it ended then, it would be a call in a hundred that fails.
        Assert.All(home.Runner.Commands, command => Assert.True(command.Timeout >= TimeSpan.FromSeconds(30), command.ToString()));
    }

    /// <summary>A command without what differs from node to node.</summary>
    private string Generalize(Command command)
    {
        var text = string.Join(' ', command.Arguments.Select(argument => argument.StartsWith(home.Root, StringComparison.Ordinal) ? Kind(argument) : argument));
        text = Path.GetFileName(command.Program) == "qemu-img" ? "qemu-img " + text : text;
        text = Regex.Replace(text, "[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", RegexOptions.None, TimeSpan.FromSeconds(1));
        text = Regex.Replace(text, "(?<=--macaddress. )[0-9A-F]{12}", "MAC", RegexOptions.None, TimeSpan.FromSeconds(1));
        return text.Replace("demo-node2", "demo-node1", StringComparison.Ordinal).Replace(",22224,", ",22223,", StringComparison.Ordinal).Replace("vmcluster-demo-5", "vmcluster-demo-NUMBER", StringComparison.Ordinal);
    }

    private static string Kind(string path) => Path.GetExtension(path) switch
    {
        ".qcow2" => "IMAGE",
        ".vdi" => "DISK",
        ".iso" => "SEED",
        ".log" => "CONSOLE",
        _ => "FOLDER",
    };

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VmCluster.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
