using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Workflows;

/// <summary>Adds the engine to a host.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds runtime, stores and Elsa's control-flow activities.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Where the database is, and what applies where a definition says nothing.</param>
    /// <param name="activityAssemblies">Assemblies whose classes with <see cref="ActivityAttribute"/> are registered.</param>
    public static IServiceCollection AddWorkflows(this IServiceCollection services, WorkflowOptions options, params Assembly[] activityAssemblies)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddLogging();
        services.AddSingleton(options);
        services.AddSingleton(new WorkflowDatabase(options.DatabasePath));
        services.AddSingleton(provider => new ActivityRegistry(provider, [typeof(ServiceCollectionExtensions).Assembly, .. activityAssemblies]));
        services.AddSingleton(provider => new DefinitionStore(
            provider.GetRequiredService<WorkflowDatabase>(),
            options.TimeProvider,
            // Most commands only read definitions and need not know all activities for it.
            new DefinitionCheck(new Lazy<ActivityRegistry>(provider.GetRequiredService<ActivityRegistry>))));
        services.AddSingleton(provider => new RunStore(provider.GetRequiredService<WorkflowDatabase>()));
        services.AddSingleton(provider => new ChangeWriter(provider.GetRequiredService<WorkflowDatabase>()));
        services.AddSingleton(provider => new WorkflowRuntime(
            options,
            provider.GetRequiredService<WorkflowDatabase>(),
            provider.GetRequiredService<ChangeWriter>(),
            provider.GetRequiredService<ActivityRegistry>(),
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<ILogger<WorkflowRuntime>>()));
        services.AddSingleton(provider => new RunImport(provider.GetRequiredService<WorkflowDatabase>(), options.TimeProvider));
        services.AddSingleton(provider => new RunDeletion(
            provider.GetRequiredService<WorkflowRuntime>(),
            provider.GetRequiredService<RunStore>(),
            provider.GetRequiredService<WorkflowDatabase>(),
            options.TimeProvider));
        return services;
    }
}
