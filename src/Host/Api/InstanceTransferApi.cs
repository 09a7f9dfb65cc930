using System.IO.Compression;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>Runs as files, in and out. A run that is under way goes out as it stands; only one that has ended comes in.</summary>
internal static class InstanceTransferApi
{
    public static void MapInstanceTransfer(this IEndpointRouteBuilder api)
    {
        api.MapGet("/workflow-instances/{id}/export", ExportAsync).WithTags("Workflow instances");
        var actions = api.MapGroup("/bulk-actions").WithTags("Bulk actions");
        actions.MapPost("/export/workflow-instances", ExportManyAsync);
        actions.MapPost("/import/workflow-instances", ImportAsync);
    }

    private static async Task<FileContentHttpResult> ExportAsync(string id, RunStore runs, CancellationToken cancellationToken)
    {
        var run = await runs.GetAsync(id, cancellationToken);
        return TypedResults.File(RunFile.Write(await runs.RecordAsync(run.Id, cancellationToken)), "application/json", RunFile.NameOf(run.Id));
    }

    private static async Task<FileContentHttpResult> ExportManyAsync(ExportRequest request, RunStore runs, CancellationToken cancellationToken)
    {
        var found = request.Ids.Count == 0 ? [] : (await runs.QueryAsync(new RunFilter { Ids = request.Ids }, cancellationToken)).Items;
        using var memory = new MemoryStream();
        await using (var zip = await ZipArchive.CreateAsync(memory, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellationToken))
        {
            foreach (var run in found)
            {
                await using var entry = await zip.CreateEntry(RunFile.NameOf(run.Id)).OpenAsync(cancellationToken);
                await entry.WriteAsync(RunFile.Write(await runs.RecordAsync(run.Id, cancellationToken)), cancellationToken);
            }
        }

        return TypedResults.File(memory.ToArray(), "application/zip", "workflow-instances.zip");
    }

    private static async Task<Ok<ImportAnswer>> ImportAsync(HttpContext context, RunImport import)
    {
        var records = await new JsonFiles<RunRecord>(RunFile.ReadAsync).ReadAsync(context.Request);
        await import.ImportAsync(records, context.Name(), context.RequestAborted);
        return TypedResults.Ok(new ImportAnswer(records.Count));
    }

    private sealed record ExportRequest([property: JsonRequired] IReadOnlyList<string> Ids);

    private sealed record ImportAnswer(int Count);
}
