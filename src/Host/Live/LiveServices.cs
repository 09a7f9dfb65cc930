using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace VmCluster.Host.Live;

/// <summary>Adds the hub to the host.</summary>
internal static class LiveServices
{
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddSignalR();
        return services.AddSingleton<Observers>().AddHostedService<RunBroadcast>();
    }

    public static void MapLive(this IEndpointRouteBuilder app) => app.MapHub<WorkflowInstanceHub>(WorkflowInstanceHub.Path);
}
