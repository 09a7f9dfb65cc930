using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Activities.Tests.Support;
using VmCluster.Workflows;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Activities.Tests.Clusters;

public sealed class ShippedWorkflowTests : IDisposable
{
    private static readonly HashSet<string> FixedMembers =
        ["id", "nodeId", "name", "type", "version", "customProperties", "metadata", "activities", "connections", "variables", "body"];

    private readonly TemporaryHome home = new();
    private readonly ServiceProvider services;

    public ShippedWorkflowTests() => services = new ServiceCollection()
        .AddVmCluster(home.Folder)
        .AddWorkflows(new WorkflowOptions { DatabasePath = home.Folder.Database }, typeof(DataFolder).Assembly)
        .BuildServiceProvider();

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file))];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "workflows");

    public void Dispose()
    {
        services.Dispose();
        home.Dispose();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_step_is_of_a_known_type_with_known_inputs_and_an_id_of_its_own(string file)
    {
        var registry = services.GetRequiredService<ActivityRegistry>();
        var activities = Activities(Read(file)["root"]!.AsObject()).ToList();

        Assert.Equal(activities.Count, activities.Select(activity => (string)activity["id"]!).Distinct().Count());
        foreach (var activity in activities)
        {
            var type = (string)activity["type"]!;
            var descriptor = registry.Find(type);
            Assert.True(descriptor is not null, $"{file}: no activity type {type}");
            var known = descriptor.Inputs.Select(input => input.PropertyName).Concat(descriptor.Outputs.Select(output => output.PropertyName));
            Assert.Empty(activity.Select(member => member.Key).Except(FixedMembers).Except(known, StringComparer.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_connection_joins_two_steps_and_every_step_is_joined_and_drawn_apart(string file)
    {
        var root = Read(file)["root"]!;
        var ids = root["activities"]!.AsArray().Select(activity => (string)activity!["id"]!).ToList();
        var connections = root["connections"]!.AsArray().Select(c => ((string)c!["source"]!["activity"]!, (string)c["target"]!["activity"]!)).ToList();

        Assert.Equal(ids.Zip(ids.Skip(1)), connections);
        // A step is at most 320 wide and 160 high on the canvas: they stand in rows that are read like lines of text.
        var drawn = root["activities"]!.AsArray().Select(activity => activity!["metadata"]!["designer"]!["position"]!).Select(at => (X: (int)at["x"]!, Y: (int)at["y"]!)).ToList();
        Assert.All(drawn.Zip(drawn.Skip(1)), pair => Assert.True(pair.First.Y == pair.Second.Y ? pair.Second.X - pair.First.X >= 320 : pair.Second.Y - pair.First.Y >= 160));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_input_that_a_step_asks_for_is_declared_with_a_default(string file)
    {
        var text = File.ReadAllText(Path.Combine(Folder, file));
        var declared = Read(file)["inputs"]!.AsArray().ToDictionary(input => (string)input!["name"]!, input => (string?)input!["defaultValue"]);

        Assert.All(declared, input => Assert.NotNull(input.Value));
        var asked = text.Split("getInput('").Skip(1).Select(rest => rest.Split('\'')[0]).ToHashSet();
        Assert.Equal(declared.Keys.Order(StringComparer.Ordinal), asked.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_engine_takes_it_under_the_name_of_its_file(string file)
    {
        var definition = await services.GetRequiredService<DefinitionStore>().ImportAsync(await File.ReadAllTextAsync(Path.Combine(Folder, file)));
        Assert.Equal(Path.GetFileNameWithoutExtension(file), definition.DefinitionId);
    }

    [Fact]
    public void The_names_of_inputs_and_outputs_leave_the_members_of_an_activity_alone()
    {
        string[] reserved = ["Id", "NodeId", "Name", "Type", "Version", "CustomProperties", "Metadata", "RunAsynchronously", "CanStartWorkflow"];
        foreach (var descriptor in services.GetRequiredService<ActivityRegistry>().Descriptors.Where(descriptor => descriptor.Namespace == "VmCluster"))
        {
            var names = descriptor.Inputs.Select(input => input.PropertyName).Concat(descriptor.Outputs.Select(output => output.PropertyName)).ToList();
            Assert.Empty(names.Intersect(reserved));
            Assert.Equal(names.Count, names.Distinct().Count());
            Assert.NotNull(descriptor.Description);
        }
    }

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;

    private static IEnumerable<JsonObject> Activities(JsonObject activity)
    {
        yield return activity;
        var children = (activity["activities"]?.AsArray() ?? []).Append(activity["body"]).OfType<JsonObject>();
        foreach (var child in children.SelectMany(Activities))
            yield return child;
    }
}
