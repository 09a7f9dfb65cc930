using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Hypervisors.Qemu;
using VmCluster.Activities.Processes;
using VmCluster.EndToEnd.Support;

namespace VmCluster.EndToEnd;

/// <summary>The contract on QEMU, and what can go wrong with QEMU alone. The VMs have an empty disk and do not boot.</summary>
public sealed class QemuContractTests : HypervisorContract
{
    private readonly CommandRunner _runner = new(TimeProvider.System);
    private readonly QemuHypervisor _qemu;
    private int _made;

    public QemuContractTests() => _qemu = new QemuHypervisor(_runner, TimeProvider.System);

    protected override IHypervisor Hypervisor => _qemu;

    private string ImagePath => Path.Combine(Root, "image.qcow2");

    private string SeedPath => Path.Combine(Root, "seed.iso");

    public override async Task InitializeAsync()
    {
        await RunAsync("qemu-img", "create", "-q", "-f", "qcow2", ImagePath, "16M");
        await File.WriteAllBytesAsync(SeedPath, new byte[64 * 1024]);
    }

    protected override VmSpec Describe(VmReference vm)
    {
        var number = Interlocked.Increment(ref _made);
        return new VmSpec
        {
            Vm = vm,
            Cpus = 1,
            MemoryMiB = 64,
            DiskGiB = 1,
            Image = new BootImage(ImagePath),
            Nat = new NatNic(string.Create(CultureInfo.InvariantCulture, $"52:54:00:00:00:{number:x2}"), FreePort()),
            Network = new ClusterNic(string.Create(CultureInfo.InvariantCulture, $"52:54:00:00:01:{number:x2}"), FreePort()),
            SeedPath = SeedPath,
        };
    }

    [Fact]
    public async Task This_computer_can_run_QEMU() =>
        Assert.DoesNotContain(await _qemu.CheckAsync(default), problem => problem.IsFatal);

    [Fact]
    public async Task A_VM_whose_process_was_killed_is_stopped_and_starts_again()
    {
        var spec = await CreateAsync("fe1");
        await _qemu.StartAsync(spec.Vm, default);
        var killed = await ProcessIdAsync(spec);
        await KillAsync(spec);

        Assert.Equal(VmState.Stopped, await StateAsync(spec));
        await _qemu.StartAsync(spec.Vm, default);

        Assert.Equal(VmState.Running, await StateAsync(spec));
        Assert.NotEqual(killed, await ProcessIdAsync(spec));
    }

    [Fact]
    public async Task A_running_VM_whose_process_was_not_noted_is_adopted()
    {
        var spec = await CreateAsync("fe1");
        await _qemu.StartAsync(spec.Vm, default);
        var running = await ProcessIdAsync(spec);
        File.Delete(Path.Combine(spec.Vm.Folder, "qemu.pid"));

        await new QemuHypervisor(_runner, TimeProvider.System).StartAsync(spec.Vm, default);

        Assert.Equal(running, await ProcessIdAsync(spec));
    }

    [Fact]
    public async Task A_process_that_got_the_number_of_a_dead_QEMU_is_not_taken_for_it()
    {
        var spec = await CreateAsync("fe1");
        await File.WriteAllTextAsync(Path.Combine(spec.Vm.Folder, "qemu.pid"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(VmState.Stopped, await StateAsync(spec));
        await _qemu.DeleteAsync(spec.Vm, default);

        Assert.False(Directory.Exists(spec.Vm.Folder));
    }

    [Fact]
    public async Task A_VM_whose_making_was_cut_short_is_completed()
    {
        var spec = await CreateAsync("fe1");
        var disk = Path.Combine(spec.Vm.Folder, "disk.qcow2");
        File.Delete(disk);
        await File.WriteAllTextAsync(disk + ".0123.tmp", "half a disk");
        Assert.Null(await _qemu.FindAsync(spec.Vm, default));

        await _qemu.CreateAsync(spec, default);

        Assert.Equal([disk], Directory.GetFiles(spec.Vm.Folder, "*disk*"));
        await _qemu.StartAsync(spec.Vm, default);
    }

    [Fact]
    public async Task A_freeze_that_was_cut_short_between_its_two_renames_is_completed()
    {
        var source = await CreateTouchedAsync("fe1");
        var disk = Path.Combine(source.Vm.Folder, "disk.qcow2");
        var layers = Directory.CreateDirectory(Path.Combine(Root, "contract", "layers")).FullName;
        var layer = Path.Combine(layers, "frozen.qcow2");
        await RunAsync("qemu-img", "create", "-q", "-u", "-f", "qcow2", "-F", "qcow2", "-b", layer, Path.Combine(source.Vm.Folder, "next-disk.qcow2"), "1G");
        File.Move(disk, layer);

        var clone = await CloneAsync("node1", source);

        Assert.Equal(0xab, await FirstByteAsync(source));
        Assert.Equal(0xab, await FirstByteAsync(clone));
    }

    [Theory]
    [InlineData(CloneKind.Linked)]
    [InlineData(CloneKind.Full)]
    public async Task A_clone_has_what_its_source_wrote_and_not_what_the_source_writes_later(CloneKind kind)
    {
        var source = await CreateTouchedAsync("fe1");

        var clone = await CloneAsync("node1", source, kind);
        await WriteAsync(source, 0xcd);

        Assert.Equal(0xab, await FirstByteAsync(clone));
        Assert.Equal(0xcd, await FirstByteAsync(source));
    }

    [Fact]
    public async Task A_linked_clone_outlives_its_source()
    {
        var source = await CreateTouchedAsync("fe1");
        var clone = await CloneAsync("node1", source);

        await _qemu.DeleteAsync(source.Vm, default);
        await _qemu.StartAsync(clone.Vm, default);

        Assert.Equal(VmState.Running, await StateAsync(clone));
    }

    [Fact]
    public async Task A_frozen_layer_is_used_again_and_goes_with_the_last_who_needs_it()
    {
        var layers = Path.Combine(Root, "contract", "layers");
        var source = await CreateTouchedAsync("fe1");
        var first = await CloneAsync("node1", source);
        var second = await CloneAsync("node2", source);
        Assert.Single(Directory.GetFiles(layers));

        await _qemu.DeleteAsync(source.Vm, default);
        await _qemu.DeleteAsync(first.Vm, default);
        Assert.Equal(0xab, await FirstByteAsync(second));

        await _qemu.DeleteAsync(second.Vm, default);
        Assert.False(Directory.Exists(layers));
    }

    [Fact]
    public async Task A_clone_of_a_VM_that_never_ran_needs_no_layer()
    {
        var source = await CreateAsync("fe1");

        await CloneAsync("node1", source);

        Assert.False(Directory.Exists(Path.Combine(Root, "contract", "layers")));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_reported_with_its_number()
    {
        var spec = await CreateAsync("fe1");
        using var listener = new TcpListener(IPAddress.Loopback, spec.Nat.SshPort);
        listener.Start();

        var error = await Assert.ThrowsAsync<VmStartException>(() => _qemu.StartAsync(spec.Vm, default));

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"port {spec.Nat.SshPort} of 127.0.0.1 is taken"), error.Message, StringComparison.Ordinal);
        Assert.Equal(VmState.Stopped, await StateAsync(spec));
    }

    [Fact]
    public async Task A_disk_that_another_QEMU_has_is_reported()
    {
        var spec = await CreateAsync("fe1");
        var stranger = Describe(Reference("fe1"));
        var files = new QemuFiles(spec.Vm);
        await _runner.RunCheckedAsync(QemuCommandLine.Build(stranger, files, Path.Combine(Root, "stranger.qmp"), hasKvm: false), default);
        try
        {
            var error = await Assert.ThrowsAsync<VmStartException>(() => _qemu.StartAsync(spec.Vm, default));
            Assert.Contains("disk is in use by another program", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            QemuProcess.Find(stranger.Vm)!.Kill();
        }
    }

    [Fact]
    public async Task A_corrupt_image_is_reported_and_the_VM_can_be_made_when_it_is_repaired()
    {
        var good = await File.ReadAllBytesAsync(ImagePath);
        await File.WriteAllBytesAsync(ImagePath, new byte[4096]);
        var spec = Describe(Reference("fe1"));

        var error = await Assert.ThrowsAsync<CommandFailedException>(() => _qemu.CreateAsync(spec, default));
        Assert.Contains("not in qcow2 format", error.Message, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(ImagePath, good);
        await _qemu.CreateAsync(spec, default);
        Assert.Equal(VmState.Stopped, await StateAsync(spec));
    }

    [Fact]
    public async Task More_memory_than_there_is_is_reported()
    {
        var spec = await CreateAsync("fe1");
        await _qemu.ConfigureAsync(spec with { MemoryMiB = 900_000_000 }, default);

        var error = await Assert.ThrowsAsync<VmStartException>(() => _qemu.StartAsync(spec.Vm, default));

        Assert.Contains("memory", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_disk_smaller_than_the_image_is_refused()
    {
        await RunAsync("qemu-img", "resize", "-q", ImagePath, "3G");

        var error = await Assert.ThrowsAsync<DiskTooSmallException>(() => CreateAsync("fe1"));

        Assert.Contains("at least 3 GiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_files_of_a_VM_are_its_owners_alone()
    {
        var spec = await CreateAsync("fe1");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(spec.Vm.Folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(spec.Vm.Folder, "vm.json")));
    }

    private async Task<VmSpec> CreateTouchedAsync(string node)
    {
        var spec = await CreateAsync(node);
        await _qemu.StartAsync(spec.Vm, default);
        await _qemu.StopAsync(spec.Vm, TimeSpan.Zero, default);
        await WriteAsync(spec, 0xab);
        return spec;
    }

    private static async Task KillAsync(VmSpec spec)
    {
        var process = QemuProcess.Find(spec.Vm)!;
        Signals.Send(process.Id, Signals.Kill);
        Assert.True(await process.WaitForExitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, default));
    }

    private async Task<int?> ProcessIdAsync(VmSpec spec) => (await _qemu.FindAsync(spec.Vm, default))!.ProcessId;

    private Task<CommandResult> WriteAsync(VmSpec spec, byte value) =>
        RunAsync("qemu-io", "-c", string.Create(CultureInfo.InvariantCulture, $"write -P {value} 0 4096"), Path.Combine(spec.Vm.Folder, "disk.qcow2"));

    private async Task<byte> FirstByteAsync(VmSpec spec)
    {
        var raw = Path.Combine(Root, "first.raw");
        await RunAsync("qemu-img", "dd", "-f", "qcow2", "-O", "raw", "bs=512", "count=1", "if=" + Path.Combine(spec.Vm.Folder, "disk.qcow2"), "of=" + raw);
        return (await File.ReadAllBytesAsync(raw))[0];
    }

    private Task<CommandResult> RunAsync(string program, params string[] arguments) => _runner.RunCheckedAsync(new Command(program, arguments), default);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
