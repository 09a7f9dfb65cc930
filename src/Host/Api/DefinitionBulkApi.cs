using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Api;

/// <summary>What the list of definitions does to several at once. What is not there is named in the answer, and stops nothing.</summary>
internal static class DefinitionBulkApi
{
    public static void MapDefinitionBulkActions(this IEndpointRouteBuilder api)
    {
        var actions = api.MapGroup("/bulk-actions").WithTags("Bulk actions");
        actions.MapPost("/delete/workflow-definitions/by-definition-id", async (DefinitionIds request, DefinitionStore store, HttpContext context) =>
            TypedResults.Ok(new { Deleted = await CountAsync(request.Ids, id => store.DeleteAsync(id, context.Name(), context.RequestAborted)) }));
        actions.MapPost("/delete/workflow-definitions/by-id", async (VersionIds request, DefinitionStore store, HttpContext context) =>
            TypedResults.Ok(new { Deleted = await CountAsync(request.Ids, id => store.DeleteVersionAsync(id, context.Name(), context.RequestAborted)) }));
        actions.MapPost("/publish/workflow-definitions/by-definition-ids", PublishAsync);
        actions.MapPost("/retract/workflow-definitions/by-definition-ids", RetractAsync);
    }

    private static async Task<IResult> PublishAsync(DefinitionIds request, DefinitionStore store, HttpContext context)
    {
        var (published, already, notFound) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var id in request.Ids)
        {
            var latest = await store.FindAsync(id, VersionOptions.Latest, context.RequestAborted);
            (latest is null ? notFound : latest.IsPublished ? already : published).Add(id);
        }

        foreach (var id in published)
            await store.PublishAsync(id, context.Name(), context.RequestAborted);
        return TypedResults.Ok(new { Published = published, AlreadyPublished = already, NotFound = notFound, UpdatedConsumers = Array.Empty<string>() });
    }

    private static async Task<IResult> RetractAsync(DefinitionIds request, DefinitionStore store, HttpContext context)
    {
        var (retracted, already, notFound) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var id in request.Ids)
        {
            var latest = await store.FindAsync(id, VersionOptions.Latest, context.RequestAborted);
            var published = await store.FindAsync(id, VersionOptions.Published, context.RequestAborted);
            (latest is null ? notFound : published is null ? already : retracted).Add(id);
        }

        foreach (var id in retracted)
            await store.RetractAsync(id, context.Name(), context.RequestAborted);
        return TypedResults.Ok(new { Retracted = retracted, AlreadyRetracted = already, NotFound = notFound });
    }

    private static async Task<int> CountAsync(IReadOnlyList<string> ids, Func<string, Task<bool>> action)
    {
        var count = 0;
        foreach (var id in ids)
            count += await action(id) ? 1 : 0;
        return count;
    }

    private sealed record DefinitionIds([property: JsonRequired, JsonPropertyName("definitionIds")] IReadOnlyList<string> Ids);

    private sealed record VersionIds([property: JsonRequired] IReadOnlyList<string> Ids);
}
