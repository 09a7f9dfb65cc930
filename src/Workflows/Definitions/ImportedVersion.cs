using System.Diagnostics;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Persistence;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>
/// The version on which an imported run was. It is kept for showing the run by: it is in no list, never the latest or the
/// published one, and the versions made here are numbered as if it were not there.
/// </summary>
internal static class ImportedVersion
{
    /// <summary>Adds the version unless it is here.</summary>
    /// <returns>Its id here: two installations may have given one id to different versions.</returns>
    public static async Task<string> KeepAsync(WorkflowDbContext context, WorkflowDefinition given, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = DefinitionVersions.Hash(given.Source);
        foreach (var id in new[] { given.Id, $"{given.Id}-{hash[..8]}", $"{given.Id}-{hash}" })
        {
            var stored = await context.Definitions.FindAsync([id], cancellationToken);
            if (stored is null)
            {
                context.Add(RowOf(given, id, hash, now));
                return id;
            }

            if (stored.Version == given.Version && DefinitionVersions.Hash((JsonObject)JsonNode.Parse(stored.Source)!) == hash)
                return id;
        }

        throw new UnreachableException("No two versions have one hash.");
    }

    private static DefinitionRow RowOf(WorkflowDefinition given, string id, string hash, DateTimeOffset now)
    {
        var source = (JsonObject)given.Source.DeepClone();
        source["id"] = id;
        return new DefinitionRow
        {
            Id = id,
            DefinitionId = given.DefinitionId,
            Version = given.Version,
            Name = given.Name,
            Description = given.Description,
            ContentHash = hash,
            Source = source.ToJsonString(Json.Options),
            CreatedAt = now,
            ImportedAt = now,
        };
    }
}
