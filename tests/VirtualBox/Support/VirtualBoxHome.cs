using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using VmCluster.Activities;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.Activities.Processes;
using VmCluster.EndToEnd.Support;

namespace VmCluster.VirtualBox.Tests.Support;

/// <summary>A VirtualBox of a test's own: its registry, its server and its folders, which no other test sees.</summary>
internal sealed class VirtualBoxHome : IDisposable
{
    private const int Segment = 5;

    private readonly string socketId;
    private readonly VBoxManage manage;

    public VirtualBoxHome(string? root = null)
    {
        Root = root ?? Directory.CreateTempSubdirectory("vbt").FullName;
        socketId = Path.GetFileName(Root);
        Data = new DataFolder(Path.Combine(Root, "data"));
        Directory.CreateDirectory(Data.Root);
        Directory.CreateDirectory(UserHome);
        Image = Path.Combine(Root, "image.qcow2");
        if (!File.Exists(Image))
        {
            RunQuietly("qemu-img", "create", "-q", "-f", "qcow2", Image, "1G");
            FillImage("3M");
        }

        Runner = new IsolatedRunner(new CommandRunner(TimeProvider.System), Environment);
        Hypervisor = NewHypervisor(Runner);
        manage = new VBoxManage(Runner, TimeProvider.System, Locate(RealVBoxManage.Program), Path.Combine(Data.Root, "virtualbox.lock"));
    }

    public string Root { get; }

    public DataFolder Data { get; }

    /// <summary>VirtualBox's configuration folder.</summary>
    public string UserHome => Path.Combine(Root, "vbox");

    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["VBOX_USER_HOME"] = UserHome,
        ["VBOX_IPC_SOCKETID"] = socketId,
        ["VMCLUSTER_REAL_VBOXMANAGE"] = RealVBoxManage.Program,
    };

    public IsolatedRunner Runner { get; }

    public VirtualBoxHypervisor Hypervisor { get; }

    /// <summary>A disk of a gigabyte with some data and no operating system.</summary>
    public string Image { get; }

    /// <summary>Writes data to the image, so that copying it takes time and space.</summary>
    /// <param name="amount">For instance <c>400M</c>.</param>
    public void FillImage(string amount) => RunQuietly("qemu-io", "-c", $"write -P 7 0 {amount}", Image);

    /// <summary>The driver on the real VBoxManage, through a runner that may get in between.</summary>
    public VirtualBoxHypervisor NewHypervisor(ICommandRunner runner, TimeProvider? timeProvider = null, string? program = null)
        => new(runner, Data, timeProvider ?? TimeProvider.System, Locate(program ?? RealVBoxManage.Program), new HostFacts());

    public static VBoxManageLocator Locate(string program)
        => new(System.Runtime.InteropServices.OSPlatform.Linux, name => name == "PATH" ? Path.GetDirectoryName(program) : null, File.Exists);

    public VmReference Vm(string node, string cluster = "demo")
        => new(IdOf(cluster, node), cluster, node, Data.Node(cluster, node));

    /// <summary>A node as the book has it.</summary>
    public VmSpec Spec(string node, string cluster = "demo", int index = 0)
    {
        var seed = Path.Combine(Data.Node(cluster, node), "seed.iso");
        if (!File.Exists(seed))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(seed)!);
            File.WriteAllBytes(seed, new byte[1 << 20]); // VirtualBox opens an ISO, it does not read it.
        }

        return new VmSpec
        {
            Vm = Vm(node, cluster),
            Cpus = 2,
            MemoryMiB = 3072,
            DiskGiB = 30,
            Image = new BootImage(Image),
            Nat = new NatNic(string.Create(CultureInfo.InvariantCulture, $"52:54:00:00:01:{index:x2}"), 22222 + index),
            SeedPath = seed,
        };
    }

    public static ClusterNic Network(int index) => new(string.Create(CultureInfo.InvariantCulture, $"52:54:00:00:02:{index:x2}"), Segment);

    /// <summary>Writes a program VBoxManage that works on this home, whoever calls it; returns the folder that it is in.</summary>
    public string WriteProgram()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, "bin")).FullName;
        var program = Path.Combine(folder, "VBoxManage");
        File.WriteAllText(program, $"#!/bin/sh\nexport {string.Join(' ', Environment.Select(v => $"{v.Key}='{v.Value}'"))}\nexec '{RealVBoxManage.Program}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return folder;
    }

    /// <summary>Tells the stand-in something about a VM that seems to run.</summary>
    public void WriteRunning(VmReference vm, string what, string text) => File.WriteAllText(Path.Combine(UserHome, "running", $"{vm.Id}.{what}"), text);

    /// <summary>Whether the stand-in was told to start a VM, and not yet to stop it.</summary>
    public bool SeemsToRun(VmReference vm) => File.Exists(Path.Combine(UserHome, "running", $"{vm.Id}.pid"));

    /// <summary>Calls VBoxManage as a user would who tries again when VirtualBox's server lets nobody in.</summary>
    public Task<string> VBoxManageAsync(params string[] arguments) => manage.RunAsync(null, CancellationToken.None, arguments);

    public async Task<MachineInfo> ShowAsync(VmReference vm) => MachineInfo.Parse(await VBoxManageAsync("showvminfo", vm.Id.ToString(), "--machinereadable"));

    /// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Everything that VirtualBox has registered, as text: empty lists where it is as it was found.</summary>
    public async Task<string> RegisteredAsync() => await VBoxManageAsync("list", "vms") + await VBoxManageAsync("list", "hdds") + await VBoxManageAsync("list", "dvds");

    /// <summary>Kills this home's VBoxSVC; returns how many there were.</summary>
    public int KillServers()
    {
        var servers = Servers();
        foreach (var pid in servers)
            Signals.Send(pid, Signals.Kill);
        return servers.Count;
    }

    private IReadOnlyList<int> Servers() => [.. Directory.EnumerateDirectories("/proc")
        .Where(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out _) && IsServer(d))
        .Select(d => int.Parse(Path.GetFileName(d), CultureInfo.InvariantCulture))];

    public void Dispose()
    {
        KillServers();
        var sockets = $"/tmp/.vbox-{socketId}-ipc";
        if (Directory.Exists(sockets))
            Directory.Delete(sockets, recursive: true);
        Directory.Delete(Root, recursive: true);
    }

    private static void RunQuietly(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private bool IsServer(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).StartsWith("/usr/lib/virtualbox/VBoxSVC", StringComparison.Ordinal)
                && File.ReadAllText(Path.Combine(process, "environ")).Contains($"VBOX_IPC_SOCKETID={socketId}\0", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It ended while we looked.
        }
    }

    /// <summary>The same for the same names, so that a process that takes over knows it.</summary>
    private static Guid IdOf(string cluster, string node)
        => new(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{cluster}/{node}")).AsSpan(0, 16));
}
