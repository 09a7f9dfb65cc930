using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

/// <summary>The failed step that a user means: by the activity's id, by its text in the designer, or by the id of the execution.</summary>
internal static class FailedStep
{
    /// <summary>The only one where none is named.</summary>
    /// <exception cref="RunConflictException">None has failed, or not the one that is named.</exception>
    /// <exception cref="AmbiguousStepException">Several have failed that may be meant.</exception>
    public static async Task<Incident> FindAsync(Session session, WorkflowInstance run, string? step, CancellationToken cancellationToken)
    {
        var tree = await RunReport.TreeAsync(session, run, cancellationToken);
        var failed = RunReport.OpenIncidents(run).Select(incident => (Incident: incident, Label: tree.LabelOf(incident.ActivityExecutionId) ?? incident.ActivityId)).ToList();
        var meant = failed.Where(candidate => step is null || IsMeant(candidate.Incident, candidate.Label, step)).ToList();
        return meant switch
        {
            [var only] => only.Incident,
            [] when step is null || failed.Count == 0 => throw new RunConflictException($"Run {run.Id} has no failed step", $"'{session.Outside.Program} history {run.Id}' shows where it stands."),
            [] => throw new RunConflictException($"Run {run.Id} has no failed step '{step}'", $"Failed: {string.Join(", ", failed.Select(candidate => candidate.Incident.ActivityId))}."),
            _ => throw new AmbiguousStepException(run.Id, meant.Select(candidate => $"{candidate.Incident.ActivityExecutionId} ({candidate.Label})")),
        };
    }

    private static bool IsMeant(Incident incident, string label, string step) =>
        incident.ActivityExecutionId == step || incident.ActivityId == step || string.Equals(label, step, StringComparison.OrdinalIgnoreCase);
}
