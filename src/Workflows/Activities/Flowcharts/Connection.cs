using System.Text.Json.Nodes;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Activities.Flowcharts;

/// <summary>An edge of a flowchart, followed when its source completes with the outcome that its port names.</summary>
internal sealed record Connection(ActivityNode Source, string? Port, ActivityNode Target)
{
    public string Key { get; } = $"{Source.Id}:{Port}->{Target.Id}";

    /// <summary>Reads connections in the nested and in the flat shape; those whose ends do not exist are left out.</summary>
    public static IReadOnlyList<Connection> ParseAll(ActivityNode flowchart)
    {
        var activities = flowchart.Activities.ToLookup(activity => activity.Id);
        return flowchart.Source.Objects("connections")
            .Select(json => (Source: ParseEnd(json, "source", "sourcePort"), Target: ParseEnd(json, "target", "targetPort")))
            .Select(ends => (Source: Find(ends.Source.Id), ends.Source.Port, Target: Find(ends.Target.Id)))
            .Where(ends => ends is { Source: not null, Target: not null })
            .Select(ends => new Connection(ends.Source!, ends.Port, ends.Target!))
            .ToList();

        ActivityNode? Find(string? id) => id is null ? null : activities[id].FirstOrDefault();
    }

    private static (string? Id, string? Port) ParseEnd(JsonObject connection, string member, string portMember) => connection[member] switch
    {
        JsonObject end => (end.Text("activity"), end.Text("port")),
        JsonValue => (connection.Text(member), connection.Text(portMember)),
        _ => (null, null),
    };

    /// <summary>No outcome given means Done, which a connection without a port takes too; given ones are taken by name only.</summary>
    public bool IsFollowedOn(IReadOnlyList<string>? outcomes) => outcomes is null ? Port is null or "Done" : Port is not null && outcomes.Contains(Port, StringComparer.Ordinal);
}
