namespace VmCluster.Workflows;

/// <summary>The engine's settings.</summary>
public sealed record WorkflowOptions
{
    /// <summary>Absolute path of the SQLite file; created, or migrated, when first used.</summary>
    public required string DatabasePath { get; init; }

    /// <summary>What a fault does where the definition names no strategy of Elsa's.</summary>
    public IncidentStrategy DefaultIncidentStrategy { get; init; } = IncidentStrategy.KeepOpen;

    /// <summary>How long activities that are to stop are waited for; then they are abandoned.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

/// <summary>What happens to a run when one of its activities faults.</summary>
public enum IncidentStrategy
{
    /// <summary>Ours: the other branches go on, then the run is suspended with an incident, to be retried, skipped or cancelled.</summary>
    KeepOpen,

    /// <summary>Elsa's FaultStrategy: the other branches go on, then the run is finished as Faulted.</summary>
    Fault,

    /// <summary>Elsa's ContinueWithIncidentsStrategy.</summary>
    ContinueWithIncidents,
}
