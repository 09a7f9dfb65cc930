using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>The journal of a run.</summary>
internal static class JournalApi
{
    public static void MapJournal(this IEndpointRouteBuilder api)
    {
        var journal = api.MapGroup("/workflow-instances/{id}/journal").WithTags("Journal");
        journal.MapGet("", (string id, int? skip, int? take, RunStore runs, CancellationToken cancellationToken) => QueryAsync(id, null, skip, take, runs, cancellationToken));
        journal.MapPost("", (string id, JournalQuery query, int? skip, int? take, RunStore runs, CancellationToken cancellationToken) =>
            QueryAsync(id, query.Filter, skip, take, runs, cancellationToken));
    }

    private static async Task<Ok<PageAnswer<JournalModel>>> QueryAsync(string id, JournalQueryFilter? query, int? skip, int? take, RunStore runs, CancellationToken cancellationToken)
    {
        var filter = new JournalFilter
        {
            ActivityIds = query?.ActivityIds ?? [],
            ActivityNodeIds = query?.ActivityNodeIds ?? [],
            ExcludedActivityTypes = query?.ExcludedActivityTypes ?? [],
            EventNames = query?.EventNames ?? [],
            Skip = Math.Max(skip ?? 0, 0),
            Take = take ?? int.MaxValue,
        };
        var run = await runs.GetAsync(id, cancellationToken);
        var page = await runs.QueryJournalAsync(run.Id, filter, cancellationToken);
        return TypedResults.Ok(new PageAnswer<JournalModel>([.. page.Items.Select(entry => JournalModel.Of(run.Id, entry))], page.TotalCount));
    }

    private sealed record JournalQuery(JournalQueryFilter? Filter);

    private sealed record JournalQueryFilter(
        IReadOnlyList<string>? ActivityIds, IReadOnlyList<string>? ActivityNodeIds, IReadOnlyList<string>? ExcludedActivityTypes, IReadOnlyList<string>? EventNames);
}
