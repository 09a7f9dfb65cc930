using System.Runtime.InteropServices;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.Activities.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>What stands in the way of running VMs is said before anything is made, each with its remedy.</summary>
public sealed class PreflightTests : IDisposable
{
    private const string GoodHost = "Host Information:\n\nProcessor count: 2\nProcessor supports HW virtualization: yes\n";

    private readonly string root = Directory.CreateTempSubdirectory("vbt").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task A_computer_with_everything_has_no_problem()
        => Assert.Empty(await CheckAsync());

    [Fact]
    public async Task Without_VirtualBox_the_remedy_is_to_install_it()
    {
        var problem = Assert.Single(await CheckAsync(isInstalled: false));

        Assert.False(problem.CanBeForced);
        Assert.Contains("Install VirtualBox", problem.Remedy, StringComparison.Ordinal);
        Assert.Contains("--provider qemu", problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("6.0.24r139119", "too old", true)]
    [InlineData("8.0.0r170000", "newer than any that was tried", false)]
    public async Task A_version_out_of_the_range_is_told(string version, string text, bool isFatal)
    {
        var problem = Assert.Single(await CheckAsync(version));

        Assert.Contains(text, problem.What, StringComparison.Ordinal);
        Assert.Equal(isFatal, problem.IsFatal);
    }

    [Theory]
    [InlineData("6.1.50r161033")]
    [InlineData("7.2.22_Debianr175245")]
    [InlineData("WARNING: The character device /dev/vboxdrv does not exist.\n\t Please install the virtualbox-dkms package\n7.0.20_Debianr163906")]
    public async Task Versions_from_6_1_to_7_2_are_good_also_behind_a_warning(string version)
        => Assert.Empty(await CheckAsync(version));

    [Fact]
    public async Task A_missing_driver_can_be_forced_and_its_remedy_names_the_package()
    {
        var problem = Assert.Single(await CheckAsync(hasDriver: false));

        Assert.True(problem is { IsFatal: true, CanBeForced: true });
        Assert.Contains("virtualbox-dkms", problem.Remedy, StringComparison.Ordinal);
        Assert.Contains("Secure Boot", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_driver_that_this_user_may_not_open_is_a_matter_of_its_group()
    {
        var problem = Assert.Single(await CheckAsync(canOpen: false));

        Assert.Contains("vboxusers", problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_driver_that_only_root_may_open_is_good_where_VirtualBox_starts_VMs_as_root()
    {
        Put("usr/lib/virtualbox/VBoxHeadless", "");
        File.SetUnixFileMode(Path.Combine(root, "usr/lib/virtualbox/VBoxHeadless"), UnixFileMode.SetUser | UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Empty(await CheckAsync(canOpen: false));
    }

    [Theory]
    [InlineData("kvm_intel")]
    [InlineData("kvm_amd")]
    public async Task KVM_is_a_warning_with_the_command_that_unloads_it(string module)
    {
        Put("proc/modules", $"nfs 1 0 - Live 0x0\n{module} 393216 0 - Live 0x0000000000000000\n");

        var problem = Assert.Single(await CheckAsync());

        Assert.False(problem.IsFatal);
        Assert.Contains($"sudo modprobe -r {module}", problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "firmware")]
    [InlineData(true, "bcdedit /set hypervisorlaunchtype off")]
    public async Task A_processor_without_virtualization_is_told_with_what_to_switch(bool isWindows, string remedy)
    {
        var problem = Assert.Single(await CheckAsync(hostInfo: "Processor supports HW virtualization: no\n", isWindows: isWindows));

        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ARM_processor_cannot_be_forced()
        => Assert.False(Assert.Single(await CheckAsync(isArm: true)).CanBeForced);

    [Theory]
    [InlineData(60, 0)]
    [InlineData(61, 1)]
    public async Task More_running_VMs_than_VirtualBox_bears_are_told(int running, int problems)
        => Assert.Equal(problems, (await CheckAsync(running: running)).Count);

    private async Task<IReadOnlyList<HypervisorProblem>> CheckAsync(
        string version = "7.2.22_Debianr175245", bool isInstalled = true, bool hasDriver = true, bool canOpen = true, string hostInfo = GoodHost, bool isWindows = false, bool isArm = false, int running = 0)
    {
        if (hasDriver)
            Put("dev/vboxdrv", "");
        var runner = new ScriptedCommands(command => command.Arguments switch
        {
            ["--version"] => (0, version + "\n", ""),
            ["list", "hostinfo"] => (0, hostInfo, ""),
            ["list", "runningvms"] => (0, string.Concat(Enumerable.Range(0, running).Select(i => $"\"vm{i}\" {{{Guid.NewGuid()}}}\n")), ""),
            _ => throw new InvalidOperationException(command.ToString()),
        });
        var locator = new VBoxManageLocator(OSPlatform.Linux, _ => "/usr/lib/virtualbox", _ => isInstalled);
        var manage = new VBoxManage(runner, TimeProvider.System, locator, Path.Combine(root, "gate"));
        return await new Preflight(manage, new HostFacts(root) { IsLinux = !isWindows, IsWindows = isWindows, IsArm = isArm, CanOpen = _ => canOpen }).CheckAsync(CancellationToken.None);
    }

    private void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
        File.WriteAllText(Path.Combine(root, path), text);
    }
}
