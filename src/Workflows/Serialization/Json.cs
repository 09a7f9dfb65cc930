using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VmCluster.Workflows.Serialization;

/// <summary>How values become JSON in the database, in the journal and between activities.</summary>
internal static class Json
{
    public static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Definitions of older designers use Pascal case.</summary>
    public static readonly JsonNodeOptions IgnoreCase = new() { PropertyNameCaseInsensitive = true };

    public static readonly JsonElement Null = JsonSerializer.SerializeToElement<object?>(null);

    public static JsonElement ToElement(object? value) => value switch
    {
        null => Null,
        JsonElement { ValueKind: JsonValueKind.Undefined } => Null,
        JsonElement element => element,
        _ => JsonSerializer.SerializeToElement(value, value.GetType(), Options),
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string text)
        where T : notnull => JsonSerializer.Deserialize<T>(text, Options)!;

    public static JsonElement Parse(string text) => JsonSerializer.Deserialize<JsonElement>(text, Options);

    /// <summary>Text that may or may not be JSON.</summary>
    public static bool TryParse(string text, out JsonElement value)
    {
        try
        {
            value = Parse(text);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    public static string CamelCase(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    public static string? Text(this JsonObject json, string member) =>
        json.TryGetPropertyValue(member, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool Flag(this JsonObject json, string member) =>
        json.TryGetPropertyValue(member, out var node) && node is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;

    public static IEnumerable<JsonObject> Objects(this JsonObject json, string member) =>
        json.TryGetPropertyValue(member, out var node) && node is JsonArray array ? array.OfType<JsonObject>() : [];
}
