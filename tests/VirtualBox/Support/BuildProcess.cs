using VmCluster.Activities.Hypervisors;

namespace VmCluster.VirtualBox.Tests.Support;

/// <summary>A build of three nodes in a process of its own, so that it can be killed.</summary>
internal static class BuildProcess
{
    /// <param name="arguments">The root of the home, and the program to use as VBoxManage.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var home = new VirtualBoxHome(arguments[0]);
        await BuildAsync(home, home.NewHypervisor(home.Runner, program: arguments[1]));
        return 0;
    }

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
