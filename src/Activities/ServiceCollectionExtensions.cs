using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using VmCluster.Activities.Clusters;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Hypervisors.Qemu;
using VmCluster.Activities.Hypervisors.VirtualBox;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Images;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Networking;
using VmCluster.Activities.Nodes;
using VmCluster.Activities.Processes;
using VmCluster.Activities.Ssh;

namespace VmCluster.Activities;

/// <summary>Adds the steps and what they act on to a host.</summary>
public static class ServiceCollectionExtensions
{
    /// <param name="services">The host's services.</param>
    /// <param name="folder">Where everything is kept.</param>
    /// <remarks>The order of the hypervisors is the order in which <c>auto</c> tries them.</remarks>
    public static IServiceCollection AddVmCluster(this IServiceCollection services, DataFolder folder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        return services
            .AddSingleton(folder)
            .AddSingleton<CommandJournal>()
            .AddSingleton<CommandRunner>()
            .AddSingleton<ICommandRunner>(provider => ActivatorUtilities.CreateInstance<JournalingCommandRunner>(provider, provider.GetRequiredService<CommandRunner>()))
            .AddSingleton<ImageCatalog>()
            .AddSingleton<IHypervisor, VirtualBoxHypervisor>()
            .AddSingleton<IHypervisor, QemuHypervisor>()
            .AddSingleton<HypervisorChoice>()
            .AddSingleton(LocalPorts.OfThisComputer)
            .AddSingleton<ClusterLedger>()
            .AddSingleton<ClusterIdentity>()
            .AddSingleton<SshClient>()
            .AddSingleton<NodeReadiness>()
            .AddSingleton<NodeRemoval>()
            .AddSingleton<GuestConfiguration>();
    }
}
