using System.Text.Json.Nodes;

namespace VmCluster.EndToEnd.Studio;

/// <summary>Small workflows of Elsa's own activities, as Studio would save them.</summary>
public static class Workflows
{
    /// <summary>A flowchart of steps, one behind the other.</summary>
    public static JsonObject Chain(string id, params JsonObject[] steps)
    {
        for (var i = 0; i < steps.Length; i++)
            steps[i]["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = i * 300, ["y"] = 100 } } };
        var connections = steps.Zip(steps.Skip(1), (from, to) => (JsonNode)new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = (string?)from["id"], ["port"] = "Done" },
            ["target"] = new JsonObject { ["activity"] = (string?)to["id"], ["port"] = "In" },
        }).ToArray();
        return new JsonObject
        {
            ["definitionId"] = id,
            ["name"] = id,
            ["root"] = new JsonObject
            {
                ["id"] = "chart",
                ["type"] = "Elsa.Flowchart",
                ["version"] = 1,
                ["name"] = "Flowchart1",
                ["activities"] = new JsonArray([.. steps]),
                ["connections"] = new JsonArray(connections),
            },
        };
    }

    public static JsonObject WriteLine(string id, string text) => Step(id, "Elsa.WriteLine", ("text", "Literal", text));

    /// <summary>Waits for a time, as hours:minutes:seconds.</summary>
    public static JsonObject Delay(string id, string time) => Step(id, "Elsa.Delay", ("timeSpan", "Literal", time));

    /// <summary>Waits for an event that nobody sends unless the test does.</summary>
    public static JsonObject Wait(string id, string eventName) => Step(id, "Elsa.Event", ("eventName", "Literal", eventName));

    /// <summary>Writes what a JavaScript expression gives.</summary>
    public static JsonObject Script(string id, string script) => Step(id, "Elsa.WriteLine", ("text", "JavaScript", script));

    /// <summary>Declarations of a workflow's inputs with their defaults.</summary>
    public static JsonArray Inputs(params (string Name, string Type, string Default)[] inputs) => new([.. inputs.Select(input => new JsonObject
    {
        ["name"] = input.Name,
        ["displayName"] = input.Name,
        ["type"] = input.Type,
        ["category"] = "Primitives",
        ["uiHint"] = "singleline",
        ["defaultValue"] = input.Default,
    })]);

    /// <summary>Fails, because its expression does.</summary>
    public static JsonObject Broken(string id) => Script(id, "thereIsNoSuchName");

    /// <summary>What is written down for a step's input in a definition.</summary>
    public static string? ValueOf(JsonNode definition, string step, string input) =>
        (string?)definition["root"]!["activities"]!.AsArray().Single(activity => (string?)activity!["id"] == step)![input]!["expression"]!["value"];

    private static JsonObject Step(string id, string type, params (string Name, string Syntax, string Value)[] inputs)
    {
        var step = new JsonObject { ["id"] = id, ["name"] = id, ["type"] = type, ["version"] = 1 };
        foreach (var (name, syntax, value) in inputs)
        {
            step[name] = new JsonObject
            {
                ["typeName"] = "String",
                ["expression"] = new JsonObject { ["type"] = syntax, ["value"] = value },
            };
        }

        return step;
    }
}
