using System.Text.Json;

namespace VmCluster.Workflows.Tests.Support;

/// <summary>Definitions as text, from what matters in them.</summary>
internal static class WorkflowJson
{
    public static string Of(string root, string id = "test", string variables = "[]", string inputs = "[]", string options = "{}") =>
        $$"""{"definitionId": "{{id}}", "name": "{{id}}", "variables": {{variables}}, "inputs": {{inputs}}, "options": {{options}}, "root": {{root}}}""";

    /// <summary>A definition of activities one after the other.</summary>
    public static string Sequence(params string[] activities) => Of(SequenceOf("all", activities));

    /// <summary>A definition of activities along connections, each written <c>from -> to</c> or <c>from:Port -> to</c>.</summary>
    public static string Flowchart(string[] activities, params string[] connections) => Of(FlowchartOf("chart", activities, connections));

    public static string SequenceOf(string id, params string[] activities) => Activity(id, "Elsa.Sequence", ("activities", $"[{string.Join(',', activities)}]"));

    public static string FlowchartOf(string id, string[] activities, params string[] connections) =>
        Activity(id, "Elsa.Flowchart", ("activities", $"[{string.Join(',', activities)}]"), ("connections", $"[{string.Join(',', connections.Select(Connection))}]"));

    public static string Work(string id) => Activity(id, "Test.Work");

    public static string WriteLine(string id, string script) => Activity(id, "Elsa.WriteLine", ("text", Script(script)));

    public static string Event(string id) => Activity(id, "Elsa.Event", ("eventName", Literal(id)));

    public static string Delay(string id, string time) => Activity(id, "Elsa.Delay", ("timeSpan", Literal(time)));

    public static string Decision(string id, string script) => Activity(id, "Elsa.FlowDecision", ("condition", Script(script)));

    /// <summary>An activity with members given as JSON.</summary>
    public static string Activity(string id, string type, params (string Name, string Json)[] members) =>
        $$"""{"id": "{{id}}", {{string.Concat(members.Select(member => $"\"{member.Name}\": {member.Json}, "))}}"type": "{{type}}", "version": 1}""";

    public static string Literal(string value) => Input("Literal", value);

    public static string Script(string script) => Input("JavaScript", script);

    private static string Input(string type, string value) => $$"""{"expression": {"type": "{{type}}", "value": {{JsonSerializer.Serialize(value)}} }, "typeName": "Object"}""";

    private static string Connection(string text)
    {
        var ends = text.Split(" -> ");
        var source = ends[0].Split(':');
        return $$"""{"source": {"activity": "{{source[0]}}", "port": "{{(source.Length > 1 ? source[1] : "Done")}}"}, "target": {"activity": "{{ends[1]}}", "port": "In"} }""";
    }
}
