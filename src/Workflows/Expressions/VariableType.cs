using System.Collections;
using System.Text.Json;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Expressions;

/// <summary>The types of variables and of inputs, by the aliases that definitions use.</summary>
public sealed record VariableType(string Name, string Category)
{
    private const string Primitives = nameof(Primitives);
    private const string Dynamic = nameof(Dynamic);

    /// <summary>Those that a designer offers.</summary>
    public static IReadOnlyList<VariableType> All { get; } =
    [
        .. new[] { "String", "Boolean", "Int32", "Int64", "Double", "Decimal", "Guid", "DateTimeOffset", "TimeSpan" }.Select(name => new VariableType(name, Primitives)),
        .. new[] { "Object", "ObjectDictionary", "ObjectList", "JSON" }.Select(name => new VariableType(name, Dynamic)),
    ];

    /// <summary>The alias of a type of C#.</summary>
    public static string AliasOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type.IsEnum)
            return "String";

        if (type != typeof(object) && All.Any(known => known.Name == type.Name))
            return type.Name;

        return ItemType(type) is { } item ? $"{AliasOf(item)}[]" : "Object";
    }

    /// <summary>Converts a value to a type; types that are not known, and Object, leave it as it is.</summary>
    internal static JsonElement Convert(JsonElement value, string typeName, string name)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return Json.Null;

        return Find(typeName) is { } type ? Json.ToElement(ValueConverter.Convert(value, type, name)) : value;
    }

    private static Type? ItemType(Type type) =>
        type is { IsGenericType: true } && type.IsAssignableTo(typeof(IEnumerable)) && type.GetGenericArguments() is [var item] ? item : type.GetElementType();

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
