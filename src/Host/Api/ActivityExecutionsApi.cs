using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>What the activities of a run did.</summary>
internal static class ActivityExecutionsApi
{
    public static void MapActivityExecutions(this IEndpointRouteBuilder api)
    {
        var executions = api.MapGroup("/activity-executions").WithTags("Activity executions");
        executions.MapPost("/report", ReportAsync);
        executions.MapGet("/list", ListAsync);
        executions.MapGet("/by-id", GetAsync);
        executions.MapGet("/{id}/call-stack", CallStackAsync);
        api.MapGet("/activity-execution-summaries/list", ListAsync).WithTags("Activity executions");
    }

    private static async Task<Ok<Report>> ReportAsync(ReportQuery query, RunStore runs, CancellationToken cancellationToken)
    {
        var stats = await runs.StatsAsync(query.WorkflowInstanceId, query.ActivityNodeIds ?? [], cancellationToken);
        return TypedResults.Ok(new Report([.. stats.Select(ActivityStatsModel.Of)]));
    }

    private static async Task<Ok<ListAnswer<ActivityExecutionModel>>> ListAsync(
        [FromQuery] string workflowInstanceId, [FromQuery] string? activityNodeId, RunStore runs, CancellationToken cancellationToken)
    {
        var executions = await runs.ActivitiesAsync(workflowInstanceId, activityNodeId, cancellationToken);
        return TypedResults.Ok(new ListAnswer<ActivityExecutionModel>([.. executions.Select(execution => ActivityExecutionModel.Of(execution))]));
    }

    private static async Task<Results<Ok<ActivityExecutionModel>, NotFound>> GetAsync([FromQuery] string id, RunStore runs, CancellationToken cancellationToken) =>
        await runs.FindActivityAsync(id, cancellationToken) is { } execution ? TypedResults.Ok(ActivityExecutionModel.Of(execution)) : TypedResults.NotFound();

    private static async Task<Ok<CallStack>> CallStackAsync(string id, int? skip, int? take, RunStore runs, CancellationToken cancellationToken)
    {
        var stack = await runs.CallStackAsync(id, cancellationToken);
        var page = stack.Select(ActivityExecutionModel.Of).Skip(skip ?? 0).Take(take ?? int.MaxValue);
        return TypedResults.Ok(new CallStack(id, [.. page], stack.Count));
    }

    private sealed record ReportQuery([property: JsonRequired] string WorkflowInstanceId, IReadOnlyList<string>? ActivityNodeIds);

    private sealed record Report(IReadOnlyList<ActivityStatsModel> Stats);

    private sealed record CallStack(string ActivityExecutionId, IReadOnlyList<ActivityExecutionModel> Items, int TotalCount);
}
