using Microsoft.Extensions.DependencyInjection;

namespace VmCluster.Activities;

/// <summary>Adds the steps and what they act on to a host.</summary>
public static class ServiceCollectionExtensions
{
    public static IServiceCollection AddVmCluster(this IServiceCollection services, DataFolder folder) => throw new NotImplementedException();
}
