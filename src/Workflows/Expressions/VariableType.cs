using System.Text.Json;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Expressions;

/// <summary>The types of variables and workflow inputs, by the aliases that definitions use.</summary>
internal static class VariableType
{
    /// <summary>Converts a value to a type; types that are not known, and Object, leave it as it is.</summary>
    public static JsonElement Convert(JsonElement value, string typeName, string name)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return Json.Null;

        return Find(typeName) is { } type ? Json.ToElement(ValueConverter.Convert(value, type, name)) : value;
    }

    private static Type? Find(string typeName) => typeName switch
    {
        "Object" => null,
        "String" => typeof(string),
        "Boolean" => typeof(bool?),
        "Int16" or "Int32" or "Int64" or "Byte" => typeof(long?),
        "Single" or "Double" => typeof(double?),
        "Decimal" => typeof(decimal?),
        "DateTime" or "DateTimeOffset" => typeof(DateTimeOffset?),
        "TimeSpan" => typeof(TimeSpan?),
        "Guid" => typeof(Guid?),
        "JSON" or "JsonElement" or "JsonNode" => typeof(JsonDocument),
        "ObjectDictionary" or "ExpandoObject" or "JsonObject" => typeof(Dictionary<string, JsonElement>),
        _ when typeName.EndsWith("[]", StringComparison.Ordinal) || typeName is "JsonArray" or "ObjectList" => typeof(List<JsonElement>),
        _ => null,
    };
}
