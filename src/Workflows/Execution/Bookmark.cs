using System.Text.Json;

namespace VmCluster.Workflows.Execution;

/// <summary>Something that a run waits for.</summary>
/// <param name="Id">The bookmark's own id.</param>
/// <param name="ActivityExecutionId">The execution that waits.</param>
/// <param name="ActivityId">Its activity.</param>
/// <param name="Name">The kind, for instance <c>Elsa.Event</c>.</param>
/// <param name="Payload">Details, for instance the event's name.</param>
/// <param name="Due">When it is resumed by itself; null for never.</param>
public sealed record Bookmark(string Id, string ActivityExecutionId, string ActivityId, string Name, JsonElement Payload, DateTimeOffset? Due);
