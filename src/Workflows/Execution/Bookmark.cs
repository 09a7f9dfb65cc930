using System.Text.Json;
using VmCluster.Workflows.Activities;

namespace VmCluster.Workflows.Execution;

/// <summary>Something that a run waits for.</summary>
/// <param name="Id">The bookmark's own id.</param>
/// <param name="ActivityExecutionId">The execution that waits.</param>
/// <param name="ActivityNodeId">Its activity: the ids of all ancestors and the own one, joined with colons.</param>
/// <param name="Name">The kind, for instance <c>Elsa.Event</c>.</param>
/// <param name="Payload">Details, for instance the event's name.</param>
/// <param name="Due">When it is resumed by itself; null for never.</param>
public sealed record Bookmark(string Id, string ActivityExecutionId, string ActivityNodeId, string Name, JsonElement Payload, DateTimeOffset? Due)
{
    /// <summary>The event that is waited for; null where it is something else.</summary>
    public string? EventName => Name == Event.BookmarkName ? Payload.GetProperty(nameof(EventName)).GetString() : null;

    /// <summary>The activity's own id.</summary>
    public string ActivityId => ActivityNodeId[(ActivityNodeId.LastIndexOf(':') + 1)..];
}
