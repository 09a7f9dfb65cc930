using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Host.Web;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>Studio's "test activity": runs one activity alone. What it does to the world is real, so it is a run with a journal like any other.</summary>
internal static class ActivityTestsApi
{
    /// <summary>How long Studio is kept waiting; the run goes on behind it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static void MapActivityTests(this IEndpointRouteBuilder api) => api.MapPost("/tests/activities", TestAsync).WithTags("Tests");

    private static async Task<Ok<TestAnswer>> TestAsync(TestRequest request, DefinitionStore definitions, WorkflowRuntime runtime, RunStore runs, WebOptions options, HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        var tested = await definitions.GetVersionAsync(request.WorkflowDefinitionHandle.DefinitionVersionId, cancellationToken);
        var nodeId = request.ActivityHandle.ActivityNodeId;
        var definition = await definitions.ImportAsync(ActivityTest.DefinitionOf(tested, nodeId), cancellationToken);
        // It has done its duty when the run has it: nobody wants to find it among the workflows.
        await definitions.DeleteAsync(definition.DefinitionId, context.Name(), cancellationToken);

        var run = await runtime.StartAsync(definition, new StartOptions { Name = definition.Name, StartedBy = context.Name() }, cancellationToken);
        using var patience = new CancellationTokenSource(Patience, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await runtime.WaitUntilAtRestAsync(run, timersToo: false, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // Studio shows it as still running.
        }

        var executions = await runs.ActivitiesAsync(run, ActivityTest.NodeIdOf(nodeId[(nodeId.LastIndexOf(':') + 1)..]), cancellationToken);
        return TypedResults.Ok(TestAnswer.Of(ActivityExecutionModel.Of(executions[0])));
    }

    private sealed record TestRequest([property: JsonRequired] DefinitionHandle WorkflowDefinitionHandle, [property: JsonRequired] ActivityHandle ActivityHandle);

    private sealed record DefinitionHandle([property: JsonRequired] string DefinitionVersionId);

    private sealed record ActivityHandle([property: JsonRequired] string ActivityNodeId);

    private sealed record TestAnswer(
        IReadOnlyDictionary<string, JsonElement> ActivityState,
        IReadOnlyDictionary<string, JsonElement> Payload,
        IReadOnlyDictionary<string, JsonElement> Outputs,
        ExceptionModel? Exception,
        ActivityStatus Status)
    {
        public static TestAnswer Of(ActivityExecutionModel execution) =>
            new(execution.ActivityState, execution.Payload, execution.Outputs, execution.Exception, execution.Status);
    }
}
