using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Api;

/// <summary>Saving, publishing and deleting one definition.</summary>
internal static class DefinitionEditingApi
{
    public static void MapDefinitionEditing(this IEndpointRouteBuilder api)
    {
        var definitions = api.DefinitionGroup();
        definitions.MapPost("", SaveAsync);
        definitions.MapPost("/{definitionId}/publish", PublishAsync);
        definitions.MapPost("/{definitionId}/retract", RetractAsync);
        definitions.MapPost("/{definitionId}/revert/{version:int}", RevertAsync);
        definitions.MapDelete("/{definitionId}", async (string definitionId, DefinitionStore store, HttpContext context) =>
            Deleted(await store.DeleteAsync(definitionId, context.Name(), context.RequestAborted)));
        api.MapDelete("/workflow-definition-versions/{id}", async (string id, DefinitionStore store, HttpContext context) =>
            Deleted(await store.DeleteVersionAsync(id, context.Name(), context.RequestAborted))).WithTags("Workflow definitions");
    }

    private static async Task<Ok<SaveAnswer>> SaveAsync(SaveRequest request, DefinitionStore store, ActivityRegistry registry, HttpContext context)
    {
        var publish = request.Publish == true;
        var before = request.Model["definitionId"] is JsonValue value && value.TryGetValue<string>(out var id)
            ? await store.FindAsync(id, VersionOptions.Published, context.RequestAborted)
            : null;
        var saved = await store.SaveAsync(request.Model, publish, context.Name(), context.RequestAborted);
        return TypedResults.Ok(new SaveAnswer(DefinitionModel.Full(saved, registry), publish && before?.Id == saved.Id));
    }

    private static async Task<Ok<SaveAnswer>> PublishAsync(string definitionId, DefinitionStore store, ActivityRegistry registry, HttpContext context)
    {
        var before = await store.GetAsync(definitionId, VersionOptions.Latest, context.RequestAborted);
        var published = await store.PublishAsync(definitionId, context.Name(), context.RequestAborted);
        return TypedResults.Ok(new SaveAnswer(DefinitionModel.Full(published, registry), before.IsPublished));
    }

    private static async Task<Ok<JsonObject>> RetractAsync(string definitionId, DefinitionStore store, ActivityRegistry registry, HttpContext context) =>
        TypedResults.Ok(DefinitionModel.Full(await store.RetractAsync(definitionId, context.Name(), context.RequestAborted), registry));

    private static async Task<Ok<JsonObject>> RevertAsync(string definitionId, int version, DefinitionStore store, HttpContext context) =>
        TypedResults.Ok(DefinitionModel.Summary(await store.RevertAsync(definitionId, version, context.Name(), context.RequestAborted)));

    private static Results<NoContent, NotFound> Deleted(bool any) => any ? TypedResults.NoContent() : TypedResults.NotFound();

    private sealed record SaveRequest([property: JsonRequired] JsonObject Model, bool? Publish);

    private sealed record SaveAnswer(JsonObject WorkflowDefinition, bool AlreadyPublished)
    {
        public int ConsumingWorkflowCount => 0;
    }
}
