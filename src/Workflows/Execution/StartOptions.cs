using System.Text.Json;

namespace VmCluster.Workflows.Execution;

/// <summary>How a run is started.</summary>
public sealed record StartOptions
{
    /// <summary>Workflow inputs by name, as JSON values.</summary>
    public IReadOnlyDictionary<string, JsonElement> Input { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Ties the run to something of the user's, for instance the name of a cluster.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The run's name in lists.</summary>
    public string? Name { get; init; }

    /// <summary>Who started it, for the journal.</summary>
    public string? StartedBy { get; init; }
}
