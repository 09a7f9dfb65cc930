using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace VmCluster.Workflows;

/// <summary>Adds the engine to a host.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds runtime, stores and Elsa's control-flow activities.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="options">Where the database is, and what applies where a definition says nothing.</param>
    /// <param name="activityAssemblies">Assemblies whose classes with <see cref="ActivityAttribute"/> are registered.</param>
    public static IServiceCollection AddWorkflows(this IServiceCollection services, WorkflowOptions options, params Assembly[] activityAssemblies) => throw new NotImplementedException();
}

/// <summary>The engine's settings.</summary>
public sealed record WorkflowOptions
{
    /// <summary>Absolute path of the SQLite file; created, or migrated, when first used.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>What a fault does where the definition names no strategy of Elsa's.</summary>
    public IncidentStrategy DefaultIncidentStrategy { get; init; } = IncidentStrategy.KeepOpen;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>What happens to a run when one of its activities faults.</summary>
public enum IncidentStrategy
{
    /// <summary>Ours: the other branches go on, then the run is suspended with an incident, to be retried, skipped or cancelled.</summary>
    KeepOpen,

    /// <summary>Elsa's FaultStrategy: the run is finished as Faulted.</summary>
    Fault,

    /// <summary>Elsa's ContinueWithIncidentsStrategy.</summary>
    ContinueWithIncidents,
}
