using VmCluster.Activities.Hypervisors;
using VmCluster.VirtualBox.Tests.Support;

namespace VmCluster.VirtualBox.Tests;

/// <summary>Much at once.</summary>
public sealed class CrowdTests : IDisposable
{
    private static readonly string[] Clusters = ["one", "two"];

    private readonly VirtualBoxHome home = new();

    public void Dispose() => home.Dispose();

    [VirtualBoxFact]
    public async Task Two_clusters_are_built_at_once_and_their_sixteen_clones_are_made_while_others_are_configured()
    {
        var clones = Enumerable.Range(0, 16).Select(i => home.Spec($"node{i}", Clusters[i % 2], index: 2 + i)).ToList();

        await Task.WhenAll(Clusters.Select((cluster, i) => home.NewHypervisor(home.Runner).CreateAsync(home.Spec("fe1", cluster, i), default)));
        await Task.WhenAll(clones.Select(async (clone, i) =>
        {
            var hypervisor = home.NewHypervisor(home.Runner);
            await hypervisor.CloneAsync(clone, home.Vm("fe1", clone.Vm.Cluster), i % 4 == 0 ? CloneKind.Full : CloneKind.Linked, default);
            await hypervisor.ConfigureAsync(clone with { Network = VirtualBoxHome.Network(i) }, default);
        }));

        var machines = await Task.WhenAll(clones.Select(clone => home.ShowAsync(clone.Vm)));
        Assert.Equal(clones.Select(c => $"{c.Vm.Cluster}-{c.Vm.Node}"), machines.Select(m => m.Name));
        Assert.Equal(16, machines.Select(m => m["macaddress2"]).Distinct().Count());
        Assert.Equal(16, machines.Select(m => m.Medium("SATA", 0)).Distinct().Count());
        Assert.All(machines.Zip(clones), pair => Assert.Equal([(1, $"SSH,tcp,127.0.0.1,{pair.Second.Nat.SshPort},,22")], pair.First.Forwards));
        Assert.All(machines.Zip(clones), pair => Assert.Equal($"vmcluster-{pair.Second.Vm.Cluster}-5", pair.First["intnet2"]));
    }
}
