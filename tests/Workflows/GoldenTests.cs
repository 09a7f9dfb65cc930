using System.Text.Json;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests;

/// <summary>Workflows with a record of what Elsa 3.8 did with them.</summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>Rows of kinds that Elsa does not have tell more than the record.</summary>
    private static readonly HashSet<string> ElsaEvents = ["Started", "Resumed", "Completed", "Suspended", "Faulted", "Canceled"];

    public static TheoryData<string> Cases() => new(Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_workflow_runs_as_it_does_in_Elsa(string name)
    {
        var definition = await File.ReadAllTextAsync(Path.Combine(Folder, name, "definition.json"));
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, name, "case.json")))!.AsObject();
        var expected = golden["expected"]!.AsObject();
        GoldenDifferences.Apply(name, expected);

        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        await using var engine = new Engine(folder, IncidentStrategy.Fault, time);
        var id = await engine.StartAsync(definition, golden["input"]!.AsObject().Select(input => (input.Key, (object?)input.Value)).ToArray());
        var optional = golden["optional"]?.AsArray().Select(value => (string)value!).ToHashSet() ?? [];
        await engine.Runtime.WaitUntilAtRestAsync(id, timersToo: false);
        await AssertStepAsync(engine, id, expected, 0, optional);
        var step = 1;
        foreach (var stimulus in golden["stimuli"]!.AsArray())
        {
            await StimulateAsync(engine, time, id, stimulus!.AsObject());
            await AssertStepAsync(engine, id, expected, step++, optional);
        }

        await new GoldenComparison(engine, id, expected, golden["orderMatters"]!.GetValue<bool>(), optional, ElsaEvents).AssertAsync();
    }

    private static async Task StimulateAsync(Engine engine, ManualTime time, string id, JsonObject stimulus)
    {
        if (stimulus["event"] is { } name)
            await engine.Runtime.PublishEventAsync((string)name!, stimulus["payload"]?.Deserialize<JsonElement>(), id);
        else if (stimulus.ContainsKey("cancel"))
            await engine.Runtime.CancelAsync(id);
        else
            time.Advance(TimeSpan.FromHours(1));

        await engine.Runtime.WaitUntilAtRestAsync(id);
    }

    private static async Task AssertStepAsync(Engine engine, string id, JsonObject expected, int step, HashSet<string> optional)
    {
        var instance = await engine.Runs.FindAsync(id);
        Assert.Equal((string)expected["statusAfterEachStep"]![step]!, $"{instance!.Status}/{instance.SubStatus}");

        var bookmarks = expected["bookmarksAfterEachStep"]![step]!.AsArray().Select(bookmark => Describe(bookmark!["activityId"], bookmark["name"], bookmark["payload"]));
        var actual = await engine.Runs.BookmarksAsync(id);
        Assert.Equal(
            bookmarks.Order(StringComparer.Ordinal),
            actual.Select(bookmark => Describe(bookmark.ActivityId, bookmark.Name, bookmark.Due is null ? JsonNode.Parse(bookmark.Payload.GetRawText()) : null)).Order(StringComparer.Ordinal));

        if (optional.Count > 0)
            return;

        Assert.Equal((int)expected["consoleLinesAfterEachStep"]![step]!, (await engine.LinesAsync(id)).Count);
        Assert.Equal((int)expected["journalRowsAfterEachStep"]![step]!, (await engine.Runs.JournalAsync(id)).Count(entry => ElsaEvents.Contains(entry.EventName)));
    }

    private static string Describe(JsonNode? activityId, JsonNode? name, JsonNode? payload) => $"{activityId} {name} {payload?.ToJsonString()}";
}
