using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Api;

/// <summary>Definitions as files, in and out.</summary>
internal static class DefinitionTransferApi
{
    private const string Json = "application/json";

    public static void MapDefinitionTransfer(this IEndpointRouteBuilder api)
    {
        var definitions = api.DefinitionGroup();
        definitions.MapGet("/{definitionId}/export", ExportAsync);
        definitions.MapPost("/import", ImportAsync);
        definitions.MapPost("/import-files", ImportFilesAsync);
        api.MapPost("/bulk-actions/export/workflow-definitions", ExportManyAsync).WithTags("Bulk actions");
    }

    private static async Task<FileContentHttpResult> ExportAsync(string definitionId, string? versionOptions, DefinitionStore store, CancellationToken cancellationToken)
    {
        var versions = versionOptions is null ? VersionOptions.Latest : VersionOptions.Parse(versionOptions);
        var definition = await store.GetAsync(definitionId, versions, cancellationToken);
        return TypedResults.File(Encoding.UTF8.GetBytes(DefinitionFile.Write(definition)), Json, DefinitionFile.NameOf(definition));
    }

    private static async Task<FileContentHttpResult> ExportManyAsync(ExportRequest request, DefinitionStore store, CancellationToken cancellationToken)
    {
        var found = request.Ids.Count == 0 ? [] : (await store.ListAsync(new DefinitionFilter { Ids = request.Ids }, cancellationToken)).Items;
        using var memory = new MemoryStream();
        await using (var zip = await ZipArchive.CreateAsync(memory, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken))
        {
            foreach (var definition in found)
            {
                await using var entry = await zip.CreateEntry(DefinitionFile.NameOf(definition)).OpenAsync(cancellationToken);
                await entry.WriteAsync(Encoding.UTF8.GetBytes(DefinitionFile.Write(definition)), cancellationToken);
            }
        }

        return TypedResults.File(memory.ToArray(), "application/zip", "workflow-definitions.zip");
    }

    private static async Task<Ok<JsonObject>> ImportAsync(JsonObject file, DefinitionStore store, ActivityRegistry registry, HttpContext context) =>
        TypedResults.Ok(DefinitionModel.Full(await store.ImportAsync(file, context.Name(), context.RequestAborted), registry));

    /// <summary>Reads all files before it stores the first: one that is no definition leaves nothing behind.</summary>
    private static async Task<IResult> ImportFilesAsync(HttpContext context, DefinitionStore store)
    {
        var definitions = await new JsonFiles<JsonObject>(ReadAsync).ReadAsync(context.Request);
        foreach (var definition in definitions)
            await store.ImportAsync(definition, context.Name(), context.RequestAborted);
        return TypedResults.Ok(new { definitions.Count });
    }

    private static async Task<JsonObject> ReadAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonNode.ParseAsync(content, cancellationToken: cancellationToken) as JsonObject ?? throw new InvalidDefinitionException($"'{name}' is no workflow definition.");
        }
        catch (JsonException e)
        {
            throw new InvalidDefinitionException($"'{name}' is not JSON: {e.Message}", e);
        }
    }

    private sealed record ExportRequest([property: JsonRequired] IReadOnlyList<string> Ids);
}
