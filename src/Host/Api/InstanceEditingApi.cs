using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>Cancelling and deleting runs, one or many.</summary>
internal static class InstanceEditingApi
{
    public static void MapInstanceEditing(this IEndpointRouteBuilder api)
    {
        var instances = api.MapGroup("").WithTags("Workflow instances");
        instances.MapPost("/cancel/workflow-instances/{id}", CancelAsync);
        instances.MapDelete("/workflow-instances/{id}", async Task<Results<NoContent, NotFound>> (string id, RunDeletion deletion, HttpContext context) =>
            await deletion.DeleteAsync([id], context.Name(), context.RequestAborted) > 0 ? TypedResults.NoContent() : TypedResults.NotFound());

        var actions = api.MapGroup("/bulk-actions").WithTags("Bulk actions");
        actions.MapPost("/cancel/workflow-instances", async (BulkCancel request, RunStore runs, WorkflowRuntime runtime, HttpContext context) =>
            TypedResults.Ok(new { Cancelled = request.IsEmpty ? 0 : await CancelAllAsync(request.ToFilter(), runs, runtime, context) }));
        actions.MapPost("/delete/workflow-instances/by-id", async (BulkDelete request, RunDeletion deletion, HttpContext context) =>
            TypedResults.Ok(new { Deleted = await deletion.DeleteAsync(request.Ids, context.Name(), context.RequestAborted) }));
        api.MapPost("/alterations/submit", SubmitAsync).WithTags("Bulk actions");
    }

    private static async Task<NoContent> CancelAsync(string id, RunStore runs, WorkflowRuntime runtime, HttpContext context)
    {
        var run = await runs.GetAsync(id, context.RequestAborted);
        await runtime.CancelAsync(run.Id, context.Name(), CancellationToken.None);
        return TypedResults.NoContent();
    }

    /// <summary>Cancels all runs that are under way and fit the filter.</summary>
    private static async Task<int> CancelAllAsync(RunFilter filter, RunStore runs, WorkflowRuntime runtime, HttpContext context)
    {
        var underWay = await runs.QueryAsync(filter with { Statuses = [WorkflowStatus.Running] }, context.RequestAborted);
        foreach (var run in underWay.Items)
            await runtime.CancelAsync(run.Id, context.Name(), CancellationToken.None);
        return underWay.Items.Count;
    }

    /// <summary>Of Elsa's alterations there is the one that Studio asks for: to cancel all runs of its list.</summary>
    private static async Task<IResult> SubmitAsync(Alterations request, RunStore runs, WorkflowRuntime runtime, HttpContext context)
    {
        if (request.Items.Any(alteration => alteration.Type != "Cancel"))
            return TypedResults.BadRequest(new { StatusCode = 400, Message = "The only alteration that can be made here is Cancel." });

        if (request.Filter is { } filter && (filter.EmptyFilterSelectsAll || !filter.IsEmpty))
            await CancelAllAsync(filter.ToFilter(), runs, runtime, context);
        return TypedResults.Ok(new { PlanId = context.TraceIdentifier });
    }

    private sealed record BulkCancel(IReadOnlyList<string>? Ids, string? DefinitionVersionId, string? DefinitionId)
    {
        /// <summary>Without any of these all runs would be meant, which nobody asks for by leaving them out.</summary>
        public bool IsEmpty => Ids is null or [] && DefinitionVersionId is null && DefinitionId is null;

        public RunFilter ToFilter() => new()
        {
            Ids = Ids ?? [],
            DefinitionVersionIds = DefinitionVersionId is null ? [] : [DefinitionVersionId],
            DefinitionIds = DefinitionId is null ? [] : [DefinitionId],
        };
    }

    private sealed record BulkDelete([property: JsonRequired] IReadOnlyList<string> Ids);

    private sealed record Alterations([property: JsonRequired, JsonPropertyName("alterations")] IReadOnlyList<Alteration> Items, AlterationFilter? Filter);

    private sealed record Alteration(string Type);

    private sealed record AlterationFilter
    {
        public bool EmptyFilterSelectsAll { get; init; }
        public IReadOnlyList<string>? WorkflowInstanceIds { get; init; }
        public IReadOnlyList<string>? CorrelationIds { get; init; }
        public IReadOnlyList<string>? Names { get; init; }
        public string? SearchTerm { get; init; }
        public IReadOnlyList<TimestampFilter>? TimestampFilters { get; init; }
        public IReadOnlyList<string>? DefinitionIds { get; init; }
        public IReadOnlyList<string>? DefinitionVersionIds { get; init; }
        public bool? HasIncidents { get; init; }
        public IReadOnlyList<WorkflowSubStatus>? SubStatuses { get; init; }

        [JsonIgnore]
        public bool IsEmpty =>
            string.IsNullOrEmpty(SearchTerm) && HasIncidents is null && TimestampFilters is null or [] && SubStatuses is null or []
            && new[] { WorkflowInstanceIds, CorrelationIds, Names, DefinitionIds, DefinitionVersionIds }.All(ids => ids is null or []);

        public RunFilter ToFilter() => new()
        {
            Ids = WorkflowInstanceIds ?? [],
            CorrelationIds = CorrelationIds ?? [],
            Names = Names ?? [],
            SearchTerm = SearchTerm,
            Timestamps = TimestampFilters ?? [],
            DefinitionIds = DefinitionIds ?? [],
            DefinitionVersionIds = DefinitionVersionIds ?? [],
            HasIncidents = HasIncidents,
            SubStatuses = SubStatuses ?? [],
        };
    }
}
