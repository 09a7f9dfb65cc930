namespace VmCluster.Host.Tests.Api;

/// <summary>Small workflows as JSON.</summary>
internal static class TestWorkflows
{
    public static string Sequence(params string[] activities) => $$"""
        {
          "id": "greeting-v1", "definitionId": "greeting", "name": "Greeting", "description": "Says hello.", "version": 1, "isLatest": true, "isPublished": true,
          "variables": [{ "id": "v1", "name": "Count", "typeName": "Int32", "isArray": false, "value": "3", "storageDriverTypeName": null }],
          "inputs": [{ "type": "String", "name": "Who", "displayName": "Who", "isArray": false, "uiHint": "singleline", "defaultValue": "World" }],
          "root": { "id": "all", "type": "Elsa.Sequence", "version": 1, "activities": [{{string.Join(", ", activities)}}] }
        }
        """;

    public static string WriteLine(string id, string script) => InProcessCli.WriteLine(id, script);

    public static string Event(string id, string name) => InProcessCli.Activity(id, "Event", ("eventName", $"'{name}'"));

    public static string Fault(string id, string message) => InProcessCli.Activity(id, "Fault", ("message", $"'{message}'"));

    /// <summary>An activity that no server has.</summary>
    public const string Unknown = """{ "id": "odd", "type": "Contoso.Strange", "version": 2, "power": { "typeName": "Int32", "expression": { "type": "Literal", "value": 11 } } }""";
}
