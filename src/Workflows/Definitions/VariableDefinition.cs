using System.Text.Json;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Expressions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>A variable that a workflow or a container declares.</summary>
/// <param name="Id">What activities that write refer to.</param>
/// <param name="Name">What expressions refer to.</param>
/// <param name="TypeName">An alias such as <c>Int32</c>, <c>String[]</c> or <c>Object</c>.</param>
/// <param name="Default">The value at the start of its scope, converted to the type.</param>
internal sealed record VariableDefinition(string Id, string Name, string TypeName, JsonElement Default)
{
    public static VariableDefinition Parse(JsonObject json)
    {
        var name = json.Text("name") ?? json.Text("id") ?? throw new InvalidDefinitionException("A variable has neither a name nor an id.");
        var typeName = (json.Text("typeName") ?? "Object") + (json.Flag("isArray") ? "[]" : "");
        var value = json.TryGetPropertyValue("value", out var node) ? Json.ToElement(node) : Json.Null;
        return new VariableDefinition(json.Text("id") ?? name, name, typeName, VariableType.Convert(value, typeName, name));
    }
}
