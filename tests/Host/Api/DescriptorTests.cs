using System.Text.Json.Nodes;

namespace VmCluster.Host.Tests.Api;

/// <summary>What Studio is told about activities before it can draw anything.</summary>
public sealed class DescriptorTests : IAsyncLifetime
{
    private ApiServer _api = null!;

    public async Task InitializeAsync() => _api = await ApiServer.StartAsync();

    public async Task DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Every_activity_of_the_shipped_workflows_has_a_descriptor()
    {
        var known = (await ActivitiesAsync()).Select(activity => ((string)activity["typeName"]!, (int)activity["version"]!)).ToHashSet();
        var definitions = (await _api.GetAsync("/workflow-definitions?versionOptions=Latest"))["items"]!.AsArray();
        foreach (var definition in definitions)
        {
            var full = await _api.GetAsync($"/workflow-definitions/by-definition-id/{definition!["definitionId"]}?versionOptions=Latest");
            Assert.All(full["root"]!["activities"]!.AsArray(), activity => Assert.Contains(((string)activity!["type"]!, (int)activity["version"]!), known));
        }
    }

    [Fact]
    public async Task No_activity_is_listed_twice_because_that_stops_the_designer()
    {
        var keys = (await ActivitiesAsync()).Select(activity => $"{activity["typeName"]} {activity["version"]}").ToList();
        Assert.Equal(keys.Distinct(), keys);
    }

    [Fact]
    public async Task Our_activities_are_in_a_category_of_their_own_with_a_description_each()
    {
        var ours = (await ActivitiesAsync()).Where(activity => (string)activity["namespace"]! == "VmCluster").ToList();
        Assert.NotEmpty(ours);
        Assert.All(ours, activity =>
        {
            Assert.Equal("VM Cluster", (string)activity["category"]!);
            Assert.NotEmpty((string)activity["description"]!);
            Assert.All(activity["inputs"]!.AsArray(), input => Assert.True((bool)input!["isBrowsable"]!));
        });
    }

    [Fact]
    public async Task No_input_or_output_takes_a_name_that_Studio_uses_itself()
    {
        string[] reserved = ["Id", "NodeId", "Name", "Type", "Version", "CustomProperties", "Metadata", "RunAsynchronously", "CanStartWorkflow"];
        foreach (var activity in await ActivitiesAsync())
        {
            var names = activity["inputs"]!.AsArray().Concat(activity["outputs"]!.AsArray()).Select(member => (string)member!["name"]!).ToList();
            Assert.Empty(names.Intersect(reserved));
            Assert.Equal(names.Distinct(), names);
        }
    }

    [Fact]
    public async Task Outcomes_and_slots_for_children_are_ports()
    {
        Assert.Equal(["True Flow", "False Flow"], Ports(await ActivityAsync("Elsa.FlowDecision")));
        Assert.Equal(["Then Embedded", "Else Embedded", "Done Flow"], Ports(await ActivityAsync("Elsa.If")));
        Assert.Equal(["Done Flow"], Ports(await ActivityAsync("VmCluster.CreateNode")));

        static IEnumerable<string> Ports(JsonNode activity) => activity["ports"]!.AsArray().Select(port => $"{port!["name"]} {port["type"]}");
    }

    [Fact]
    public async Task An_input_tells_its_editor_its_choices_and_its_default()
    {
        var kind = Input(await ActivityAsync("VmCluster.CloneNode"), "Kind");
        Assert.Equal("dropdown", (string)kind["uiHint"]!);
        Assert.Equal("Linked", (string)kind["defaultValue"]!);
        Assert.Equal(["Linked", "Full"], kind["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray().Select(item => (string)item!["value"]!));

        var plan = await ActivityAsync("VmCluster.PlanCluster");
        Assert.Equal("MiB", (string)Input(plan, "MemoryMiB")["uiSpecifications"]!["singleline"]!["adornmentText"]!);
        Assert.Equal("checkbox", (string)Input(plan, "Force")["uiHint"]!);
        Assert.Equal("auto", (string)Input(plan, "Image")["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]![0]!["value"]!);

        var command = Input(await ActivityAsync("VmCluster.RunCommand"), "Command");
        Assert.Equal("shell", (string)command["uiSpecifications"]!["code-editor"]!["language"]!);

        var variable = Input(await ActivityAsync("Elsa.SetVariable"), "Variable");
        Assert.Equal("variable-picker", (string)variable["uiHint"]!);
        Assert.False((bool)variable["isWrapped"]!);
    }

    [Theory]
    [InlineData("/descriptors/expression-descriptors")]
    [InlineData("/descriptors/variables")]
    [InlineData("/descriptors/storage-drivers")]
    [InlineData("/descriptors/workflow-activation-strategies")]
    [InlineData("/descriptors/incident-strategies")]
    [InlineData("/descriptors/log-persistence-strategies")]
    [InlineData("/descriptors/commit-strategies/workflows")]
    [InlineData("/descriptors/commit-strategies/activities")]
    [InlineData("/descriptors/output-converters?sourceType=String&destinationType=Int32")]
    [InlineData("/features/installed")]
    public async Task Every_list_that_Studio_asks_for_is_answered(string path)
    {
        var answer = await _api.GetAsync(path);
        Assert.Equal(answer["items"]!.AsArray().Count, (int)answer["count"]!);
    }

    [Fact]
    public async Task Only_expressions_that_are_evaluated_are_offered()
    {
        var types = (await _api.GetAsync("/descriptors/expression-descriptors"))["items"]!.AsArray().Select(expression => (string)expression!["type"]!);
        Assert.Equal(["Literal", "Object", "Variable", "Input", "JavaScript"], types);
    }

    private async Task<IEnumerable<JsonNode>> ActivitiesAsync() => (await _api.GetAsync("/descriptors/activities?Refresh=True"))["items"]!.AsArray().Select(activity => activity!);

    private async Task<JsonNode> ActivityAsync(string typeName) => Assert.Single(await ActivitiesAsync(), activity => (string)activity["typeName"]! == typeName);

    private static JsonNode Input(JsonNode activity, string name) => Assert.Single(activity["inputs"]!.AsArray(), input => (string)input!["name"]! == name)!;
}
