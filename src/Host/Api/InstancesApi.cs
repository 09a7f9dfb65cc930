using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>Runs, to be read.</summary>
internal static class InstancesApi
{
    public static void MapInstances(this IEndpointRouteBuilder api)
    {
        var instances = api.MapGroup("/workflow-instances").WithTags("Workflow instances");
        instances.MapPost("", ListAsync);
        instances.MapGet("/{id}", GetAsync);
        instances.MapGet("/{id}/execution-state", StateAsync);
        instances.MapGet("/{id}/variables", VariablesAsync);
    }

    private static async Task<Ok<PageAnswer<InstanceModel>>> ListAsync(InstanceQuery query, RunStore runs, CancellationToken cancellationToken)
    {
        if (query.IsSystem == true)
            return TypedResults.Ok(new PageAnswer<InstanceModel>([], 0));

        var page = await runs.QueryAsync(query.ToFilter(), cancellationToken);
        return TypedResults.Ok(new PageAnswer<InstanceModel>([.. page.Items.Select(InstanceModel.Of)], page.TotalCount));
    }

    private static async Task<Ok<InstanceModel>> GetAsync(string id, RunStore runs, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(id, cancellationToken);
        return TypedResults.Ok(InstanceModel.Of(run) with { WorkflowState = WorkflowStateModel.Of(run, await runs.BookmarksAsync(run.Id, cancellationToken)) });
    }

    private static async Task<IResult> StateAsync(string id, RunStore runs, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(id, cancellationToken);
        // Elsa's server calls it one way, Studio's model the other.
        return TypedResults.Ok(new { run.Status, run.SubStatus, WorkflowSubStatus = run.SubStatus, run.UpdatedAt });
    }

    private static async Task<Ok<ListAnswer<VariableValue>>> VariablesAsync(string id, RunStore runs, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(id, cancellationToken);
        return TypedResults.Ok(new ListAnswer<VariableValue>(await runs.VariablesAsync(run.Id, cancellationToken)));
    }
}

/// <summary>What Studio asks of the list of runs; an empty list or a null asks for nothing.</summary>
internal sealed record InstanceQuery
{
    public int? Page { get; init; }
    public int? PageSize { get; init; }
    public string? SearchTerm { get; init; }
    public string? DefinitionId { get; init; }
    public IReadOnlyList<string>? DefinitionIds { get; init; }
    public string? CorrelationId { get; init; }
    public int? Version { get; init; }
    public bool? HasIncidents { get; init; }
    public bool? IsSystem { get; init; }
    public WorkflowStatus? Status { get; init; }
    public IReadOnlyList<WorkflowStatus>? Statuses { get; init; }
    public WorkflowSubStatus? SubStatus { get; init; }
    public IReadOnlyList<WorkflowSubStatus>? SubStatuses { get; init; }
    public RunOrder? OrderBy { get; init; }
    public OrderDirection? OrderDirection { get; init; }
    public IReadOnlyList<TimestampFilter>? TimestampFilters { get; init; }

    public RunFilter ToFilter() => new()
    {
        SearchTerm = SearchTerm,
        DefinitionIds = [.. DefinitionIds ?? [], .. Of(DefinitionId)],
        CorrelationIds = Of(CorrelationId),
        Version = Version,
        HasIncidents = HasIncidents,
        Statuses = [.. Statuses ?? [], .. Of(Status)],
        SubStatuses = [.. SubStatuses ?? [], .. Of(SubStatus)],
        Timestamps = TimestampFilters ?? [],
        OrderBy = OrderBy ?? RunOrder.Created,
        IsDescending = OrderDirection != Api.OrderDirection.Ascending,
        Skip = Math.Max(Page ?? 0, 0) * Math.Max(PageSize ?? 0, 0),
        Take = Page is null || PageSize is null ? int.MaxValue : PageSize.Value,
    };

    private static string[] Of(string? value) => string.IsNullOrEmpty(value) ? [] : [value];

    private static T[] Of<T>(T? value)
        where T : struct => value is null ? [] : [value.Value];
}
