using System.Text.Json.Nodes;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests;

/// <summary>A definition that passes through the engine is the one that was given, also where the engine does not know what it says.</summary>
public sealed class DefinitionRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Cases() => GoldenTests.Cases();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_written_says_what_was_read_and_reading_it_again_changes_no_byte(string name)
    {
        var given = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name, "definition.json"));
        var written = WorkflowDefinition.Parse(given).Source.ToJsonString();
        Assert.Equal(written, WorkflowDefinition.Parse(written).Source.ToJsonString());
        Assert.True(JsonNode.DeepEquals(WithoutNodeIds(JsonNode.Parse(given)), WithoutNodeIds(JsonNode.Parse(written))));
    }

    [Fact]
    public async Task An_activity_of_an_unknown_type_keeps_all_that_the_definition_says_of_it()
    {
        const string teleport = """{"id": "odd", "type": "Acme.Teleport", "version": 7, "acmeSpeed": {"unit": "c", "factors": [1, 2.50, null]}, "metadata": {"designer": {"position": {"x": -0.5}}}}""";
        await using var engine = new Engine(_folder);
        var stored = await engine.Definitions.ImportAsync(WorkflowJson.Sequence(WorkflowJson.Work("a"), teleport));
        var kept = (await engine.Definitions.FindVersionAsync(stored.Id))!.Source["root"]!["activities"]![1]!;
        Assert.Equal(WithoutNodeIds(JsonNode.Parse(teleport))!.ToJsonString(), WithoutNodeIds(kept)!.ToJsonString());
    }

    [Fact]
    public async Task The_same_definition_imported_twice_is_one_version()
    {
        await using var engine = new Engine(_folder);
        var first = await engine.Definitions.ImportAsync(WorkflowJson.Sequence(WorkflowJson.Work("a")));
        var again = await engine.Definitions.ImportAsync(first.Source.ToJsonString());
        Assert.Equal(first.Id, again.Id);
        Assert.Equal(2, (await engine.Definitions.ImportAsync(WorkflowJson.Sequence(WorkflowJson.Work("b")))).Version);
    }

    /// <summary>Node ids follow from where an activity stands, so they are computed.</summary>
    private static JsonNode? WithoutNodeIds(JsonNode? node)
    {
        if (node is JsonObject json)
            json.Remove("nodeId");

        foreach (var child in node switch { JsonObject members => members.Select(member => member.Value), JsonArray items => items, _ => [] })
            WithoutNodeIds(child);

        return node;
    }
}
