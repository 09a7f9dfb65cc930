using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>Starting workflows. Both ways answer when the run is stored: it may take hours, and nobody has to wait for it.</summary>
internal static class ExecutionApi
{
    /// <summary>Where Studio finds the run that it has started.</summary>
    private const string InstanceHeader = "x-elsa-workflow-instance-id";

    public static void MapExecution(this IEndpointRouteBuilder api)
    {
        var definitions = api.DefinitionGroup();
        definitions.MapPost("/{definitionId}/execute", ExecuteAsync);
        definitions.MapPost("/{definitionId}/dispatch", DispatchAsync);
    }

    private static async Task<Ok<ExecuteAnswer>> ExecuteAsync(string definitionId, StartRequest request, DefinitionStore definitions, WorkflowRuntime runtime, RunStore runs, HttpContext context)
    {
        var id = await StartAsync(definitionId, request, definitions, runtime, context);
        context.Response.Headers[InstanceHeader] = id;
        var run = await runs.GetAsync(id, context.RequestAborted);
        return TypedResults.Ok(new ExecuteAnswer(WorkflowStateModel.Of(run, [])));
    }

    private static async Task<IResult> DispatchAsync(string definitionId, StartRequest request, DefinitionStore definitions, WorkflowRuntime runtime, HttpContext context) =>
        TypedResults.Ok(new { WorkflowInstanceId = await StartAsync(definitionId, request, definitions, runtime, context) });

    private static async Task<string> StartAsync(string definitionId, StartRequest request, DefinitionStore definitions, WorkflowRuntime runtime, HttpContext context)
    {
        var versions = request.VersionOptions is { Length: > 0 } given ? VersionOptions.Parse(given) : VersionOptions.Published;
        var definition = await definitions.GetAsync(definitionId, versions, context.RequestAborted);
        var options = new StartOptions
        {
            Input = request.Input ?? new Dictionary<string, JsonElement>(),
            CorrelationId = request.CorrelationId,
            Name = request.Name,
            StartedBy = context.Name(),
        };
        // Whoever asked may have gone by now: the run starts all the same.
        return await runtime.StartAsync(definition, options, CancellationToken.None);
    }

    private sealed record StartRequest(string? CorrelationId, string? VersionOptions, IReadOnlyDictionary<string, JsonElement>? Input, string? Name);

    private sealed record ExecuteAnswer(WorkflowStateModel WorkflowState);
}
