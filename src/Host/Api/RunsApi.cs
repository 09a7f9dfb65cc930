using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>The ways on from where a run stands, for which Elsa has no endpoints. Each answers with the run as it is then.</summary>
internal static class RunsApi
{
    public static void MapRuns(this IEndpointRouteBuilder app)
    {
        var run = app.MapGroup("/api/runs/{id}").WithTags("Runs");
        run.MapGet("", (string id, RunView view, CancellationToken cancellationToken) => AnswerAsync(id, view, cancellationToken));
        run.MapPost($"/{RunActions.Pause}", (string id, RunView view, WorkflowRuntime runtime, HttpContext context) =>
            ActAsync(id, view, runId => runtime.PauseAsync(runId, context.Name(), CancellationToken.None)));
        run.MapPost($"/{RunActions.Resume}", (string id, RunView view, WorkflowRuntime runtime, HttpContext context) =>
            ActAsync(id, view, runId => runtime.ResumeAsync(runId, context.Name(), CancellationToken.None)));
        run.MapPost($"/{RunActions.Retry}", (string id, RetryRequest? request, RunView view, WorkflowRuntime runtime, HttpContext context) =>
            ActAsync(id, view, runId => runtime.RetryAsync(runId, request?.ActivityExecutionId, request?.Inputs, context.Name(), CancellationToken.None)));
        run.MapPost($"/{RunActions.Skip}", (string id, SkipRequest request, RunView view, WorkflowRuntime runtime, HttpContext context) =>
            ActAsync(id, view, runId => runtime.SkipAsync(runId, request.ActivityExecutionId, request.Outcome, context.Name(), CancellationToken.None)));
        run.MapPost($"/{RunActions.Migrate}", MigrateAsync);
        run.MapPost($"/{RunActions.Event}", (string id, EventRequest request, RunView view, WorkflowRuntime runtime, HttpContext context) =>
            ActAsync(id, view, runId => runtime.SendEventAsync(runId, request.Name, request.Payload, context.Name(), CancellationToken.None)));
        run.MapPost($"/{RunActions.Cancel}", (string id, RunView view, WorkflowRuntime runtime, HttpContext context) =>
            ActAsync(id, view, runId => runtime.CancelAsync(runId, context.Name(), CancellationToken.None)));
    }

    /// <summary>Moves a run and lets it go on: what was paused is resumed, what has failed is tried again as the new version has it.</summary>
    private static Task<Ok<RunModel>> MigrateAsync(
        string id, MigrateRequest? request, RunView view, RunStore runs, DefinitionStore definitions, WorkflowRuntime runtime, HttpContext context) =>
        ActAsync(id, view, async runId =>
        {
            var run = await runs.GetAsync(runId, CancellationToken.None);
            var versions = request?.Version is { } number ? VersionOptions.Number(number) : VersionOptions.Published;
            await runtime.MigrateAsync(runId, await definitions.GetAsync(run.DefinitionId, versions, CancellationToken.None), context.Name(), CancellationToken.None);
            var actions = RunActions.Of(await runs.GetAsync(runId, CancellationToken.None));
            if (actions.Contains(RunActions.Resume))
                await runtime.ResumeAsync(runId, context.Name(), CancellationToken.None);
            if (actions.Contains(RunActions.Retry))
                await runtime.RetryAsync(runId, by: context.Name(), cancellationToken: CancellationToken.None);
        });

    /// <summary>Whoever asked may have gone by now: what was begun is done all the same.</summary>
    private static async Task<Ok<RunModel>> ActAsync(string id, RunView view, Func<string, Task> act)
    {
        var run = await view.GetAsync(id, CancellationToken.None);
        await act(run.Id);
        return await AnswerAsync(run.Id, view, CancellationToken.None);
    }

    private static async Task<Ok<RunModel>> AnswerAsync(string id, RunView view, CancellationToken cancellationToken) => TypedResults.Ok(await view.GetAsync(id, cancellationToken));

    private sealed record RetryRequest(string? ActivityExecutionId, IReadOnlyDictionary<string, JsonElement>? Inputs);

    private sealed record SkipRequest([property: JsonRequired] string ActivityExecutionId, [property: JsonRequired] string Outcome);

    private sealed record EventRequest([property: JsonRequired] string Name, JsonElement? Payload);

    private sealed record MigrateRequest(int? Version);
}
