using System.Diagnostics;
using System.Globalization;
using VmCluster.Activities.Hypervisors;

namespace VmCluster.VirtualBox.Tests.Support;

/// <summary>What is done to nodes, also in a process of its own so that it can be killed.</summary>
internal static class BuildProcess
{
    /// <summary>The operations that <see cref="DoAsync"/> knows; they work on the clones' source, <c>fe1</c>, or make of it.</summary>
    public static IReadOnlyList<string> Making { get; } = ["create", "link", "copy", "configure"];

    /// <param name="arguments">The root of the home, the program to use as VBoxManage, the operation, the node and its index.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var home = new VirtualBoxHome(arguments[0]);
        await DoAsync(home, home.NewHypervisor(home.Runner, program: arguments[1]), arguments[2], arguments[3], int.Parse(arguments[4], CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>Runs an operation in a process of its own; returns its exit code, which is 137 where it was killed.</summary>
    public static async Task<int> RunAsync(VirtualBoxHome home, string program, string operation, string node, int index)
    {
        using var process = Process.Start(Path.Combine(AppContext.BaseDirectory, "VmCluster.VirtualBox.Tests"), [home.Root, program, operation, node, index.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public static Task DoAsync(VirtualBoxHome home, IHypervisor hypervisor, string operation, string node, int index) => operation switch
    {
        "create" => hypervisor.CreateAsync(home.Spec(node, index: index), CancellationToken.None),
        "link" => hypervisor.CloneAsync(home.Spec(node, index: index), home.Vm("fe1"), CloneKind.Linked, CancellationToken.None),
        "copy" => hypervisor.CloneAsync(home.Spec(node, index: index), home.Vm("fe1"), CloneKind.Full, CancellationToken.None),
        "configure" => hypervisor.ConfigureAsync(home.Spec("fe1") with { MemoryMiB = 512 + index, Network = VirtualBoxHome.Network(index) }, CancellationToken.None),
        "delete" => hypervisor.DeleteAsync(home.Vm(node), CancellationToken.None),
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    /// <summary>A front end, a linked and a full clone of it, then the network of all three.</summary>
    public static async Task BuildAsync(VirtualBoxHome home, IHypervisor hypervisor)
    {
        var nodes = Specs(home);
        await hypervisor.CreateAsync(nodes[0], CancellationToken.None);
        await hypervisor.CloneAsync(nodes[1], nodes[0].Vm, CloneKind.Linked, CancellationToken.None);
        await hypervisor.CloneAsync(nodes[2], nodes[0].Vm, CloneKind.Full, CancellationToken.None);
        for (var i = 0; i < nodes.Length; i++)
            await hypervisor.ConfigureAsync(nodes[i] with { Network = VirtualBoxHome.Network(i) }, CancellationToken.None);
    }

    public static VmSpec[] Specs(VirtualBoxHome home) => [home.Spec("fe1"), home.Spec("node1", index: 1), home.Spec("node2", index: 2)];
}
