using System.Text.Json;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>Where a run stands, and what can be done about it.</summary>
internal sealed class RunView(RunStore runs, DefinitionStore definitions, ActivityRegistry registry)
{
    /// <exception cref="RunNotFoundException">There is none.</exception>
    public async Task<RunModel> GetAsync(string id, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(id, cancellationToken);
        var definition = await definitions.GetVersionAsync(run.DefinitionVersionId, cancellationToken);
        var published = await definitions.FindAsync(run.DefinitionId, VersionOptions.Published, cancellationToken);
        var hasNewer = published is not null && published.Id != run.DefinitionVersionId;
        var failed = new List<FailedStepModel>();
        foreach (var incident in run.Incidents.Where(incident => !incident.IsResolved))
        {
            if (await runs.FindActivityAsync(incident.ActivityExecutionId, cancellationToken) is { } execution)
                failed.Add(Describe(incident, execution, definition));
        }

        var events = (await runs.BookmarksAsync(run.Id, cancellationToken)).Select(bookmark => bookmark.EventName).OfType<string>().Distinct().ToList();
        return new RunModel(
            run.Id, run.Name, run.DefinitionId, run.DefinitionVersionId, run.Version, published?.Version, run.Status, run.SubStatus, run.CorrelationId, failed, events,
            [.. RunActions.Of(run).Where(action => action != RunActions.Migrate || hasNewer), .. events.Count > 0 ? [RunActions.Event] : Array.Empty<string>()]);
    }

    private FailedStepModel Describe(Incident incident, ActivityExecution execution, WorkflowDefinition definition)
    {
        // Inputs that could not even be evaluated can be given all the same; secrets cannot, because they would be stored.
        var inputs = registry.Find(incident.ActivityType)?.Inputs
            .Where(input => !input.Attribute.IsSensitive)
            .ToDictionary(input => input.PropertyName, input => execution.Inputs.TryGetValue(input.PropertyName, out var value) ? value : (JsonElement?)null);
        return new FailedStepModel(
            incident.ActivityExecutionId, incident.ActivityId, execution.ActivityName, incident.ActivityType, incident.Message,
            inputs ?? [], registry.OutcomesOf(definition, incident.ActivityNodeId));
    }
}

/// <summary>A run with the verbs that apply to it now.</summary>
internal sealed record RunModel(
    string Id,
    string? Name,
    string DefinitionId,
    string DefinitionVersionId,
    int Version,
    int? LatestVersion,
    WorkflowStatus Status,
    WorkflowSubStatus SubStatus,
    string? CorrelationId,
    IReadOnlyList<FailedStepModel> Incidents,
    IReadOnlyList<string> Events,
    IReadOnlyList<string> Actions);

/// <summary>A step that waits for a decision: its inputs as they were, and the outcomes with which it can be skipped.</summary>
internal sealed record FailedStepModel(
    string ActivityExecutionId,
    string ActivityId,
    string? ActivityName,
    string ActivityType,
    string Message,
    IReadOnlyDictionary<string, JsonElement?> Inputs,
    IReadOnlyList<string> Outcomes);
