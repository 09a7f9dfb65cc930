using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Api;

/// <summary>Definitions and their versions, to be read.</summary>
internal static class DefinitionsApi
{
    public static RouteGroupBuilder DefinitionGroup(this IEndpointRouteBuilder api) => api.MapGroup("/workflow-definitions").WithTags("Workflow definitions");

    public static void MapDefinitions(this IEndpointRouteBuilder api)
    {
        var definitions = api.DefinitionGroup();
        definitions.MapGet("", ListAsync);
        definitions.MapGet("/by-definition-id/{definitionId}", GetAsync);
        definitions.MapGet("/by-id/{id}", GetVersionAsync);
        definitions.MapGet("/many-by-id", GetManyAsync);
        definitions.MapGet("/query/count", CountAsync);
        definitions.MapGet("/validation/is-name-unique", async (string name, string? definitionId, DefinitionStore store, CancellationToken cancellationToken) =>
            TypedResults.Ok(new { IsUnique = await store.IsNameUniqueAsync(name, definitionId, cancellationToken) }));
        definitions.MapGet("/subgraph/{id}", SubgraphAsync);
        definitions.MapGet("/subgraph/segments/{id}", SegmentsAsync);

        // No workflow can be used as an activity of another one here, so none has consumers.
        definitions.MapGet("/{definitionId}/consumers", (string definitionId) => TypedResults.Ok(new { ConsumingWorkflowDefinitionIds = Array.Empty<string>() }));
        definitions.MapPost("/{definitionId}/update-references", (string definitionId) => TypedResults.Ok(new { AffectedWorkflows = Array.Empty<string>() }));
    }

    private static async Task<Ok<JsonObject>> ListAsync([AsParameters] DefinitionQuery query, DefinitionStore store, CancellationToken cancellationToken)
    {
        if (query is { IsSystem: true } or { Label.Length: > 0 })
            return TypedResults.Ok(Answer([], 0));

        var page = await store.ListAsync(query.ToFilter(), cancellationToken);
        return TypedResults.Ok(Answer(page.Items.Select(DefinitionModel.Summary), page.TotalCount));
    }

    /// <summary>Without this link Studio shows the whole list as read-only.</summary>
    private static JsonObject Answer(IEnumerable<JsonNode> items, int totalCount) => new()
    {
        ["items"] = new JsonArray([.. items]),
        ["totalCount"] = totalCount,
        ["links"] = new JsonArray(new JsonObject { ["href"] = "/bulk-actions/publish/workflow-definitions/by-definition-ids", ["rel"] = "bulk-publish", ["method"] = "POST" }),
    };

    private static async Task<Ok<JsonObject>> GetAsync(string definitionId, string? versionOptions, DefinitionStore store, ActivityRegistry registry, CancellationToken cancellationToken)
    {
        var versions = versionOptions is null ? VersionOptions.Latest : VersionOptions.Parse(versionOptions);
        return TypedResults.Ok(DefinitionModel.Full(await store.GetAsync(definitionId, versions, cancellationToken), registry));
    }

    private static async Task<Ok<JsonObject>> GetVersionAsync(string id, DefinitionStore store, ActivityRegistry registry, CancellationToken cancellationToken) =>
        TypedResults.Ok(DefinitionModel.Full(await store.GetVersionAsync(id, cancellationToken), registry));

    private static async Task<Ok<ListAnswer<JsonObject>>> GetManyAsync(string[] ids, DefinitionStore store, ActivityRegistry registry, CancellationToken cancellationToken)
    {
        var found = ids.Length == 0 ? [] : (await store.ListAsync(new DefinitionFilter { Ids = ids }, cancellationToken)).Items;
        return TypedResults.Ok(new ListAnswer<JsonObject>([.. found.Select(definition => DefinitionModel.Full(definition, registry))]));
    }

    private static async Task<IResult> CountAsync(DefinitionStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new { Count = (await store.ListAsync(new DefinitionFilter { Versions = VersionOptions.Latest, Take = 0 }, cancellationToken)).TotalCount });

    private static async Task<Ok<ActivityNodeModel>> SubgraphAsync(string id, string? parentNodeId, DefinitionStore store, ActivityRegistry registry, CancellationToken cancellationToken)
    {
        var graph = DefinitionGraph.Of(DefinitionModel.Full(await store.GetVersionAsync(id, cancellationToken), registry));
        return TypedResults.Ok(ActivityNodeModel.Of(parentNodeId is null ? graph : graph.Get(parentNodeId)));
    }

    private static async Task<Ok<PathModel>> SegmentsAsync(string id, string childNodeId, DefinitionStore store, ActivityRegistry registry, CancellationToken cancellationToken)
    {
        var graph = DefinitionGraph.Of(DefinitionModel.Full(await store.GetVersionAsync(id, cancellationToken), registry));
        return TypedResults.Ok(PathModel.Of(graph.Get(childNodeId)));
    }
}

/// <summary>The query of a list of definitions. Pages are counted from 0; without one the list is whole.</summary>
internal sealed record DefinitionQuery(
    string? VersionOptions,
    int? Page,
    int? PageSize,
    string? SearchTerm,
    bool? IsSystem,
    DefinitionOrder? OrderBy,
    OrderDirection? OrderDirection,
    string[]? DefinitionIds,
    string[]? Ids,
    string[]? Label)
{
    public DefinitionFilter ToFilter() => new()
    {
        Versions = Workflows.Definitions.VersionOptions.Parse(VersionOptions),
        DefinitionIds = DefinitionIds ?? [],
        Ids = Ids ?? [],
        SearchTerm = SearchTerm,
        OrderBy = OrderBy ?? DefinitionOrder.Name,
        IsDescending = OrderDirection == Api.OrderDirection.Descending,
        Skip = Math.Max(Page ?? 0, 0) * Math.Max(PageSize ?? 0, 0),
        Take = Page is null || PageSize is null ? int.MaxValue : PageSize.Value,
    };
}

internal enum OrderDirection
{
    Ascending,
    Descending,
}
