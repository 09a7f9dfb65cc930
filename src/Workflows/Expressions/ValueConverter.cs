using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Expressions;

/// <summary>
/// Reads JSON values as the types that activities declare. It is lenient, because designers write every value as text
/// and scripts give what they have: <c>"3"</c> is a number, <c>"True"</c> a Boolean, JSON text a list or an object.
/// </summary>
internal static class ValueConverter
{
    private static readonly JsonSerializerOptions Lenient = new(Json.Options)
    {
        PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        Converters = { new LenientStringConverter(), new LenientBooleanConverter() },
    };

    /// <exception cref="InputConversionException">The value has no meaning as that type.</exception>
    public static object? Convert(JsonElement value, Type type, string input)
    {
        if (type == typeof(object) || type == typeof(JsonElement))
            return value.ValueKind == JsonValueKind.Null && type == typeof(object) ? null : value;

        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return type.IsValueType ? Activator.CreateInstance(type) : null;

        var target = Nullable.GetUnderlyingType(type) ?? type;
        try
        {
            return value.ValueKind == JsonValueKind.String && target != typeof(string)
                ? FromText(value.GetString()!, target, type)
                : value.Deserialize(target, Lenient);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or ArgumentException or NotSupportedException)
        {
            throw new InputConversionException(input, Shorten(value), target.Name, e);
        }
    }

    private static object? FromText(string text, Type target, Type declared)
    {
        if (string.IsNullOrWhiteSpace(text))
            return declared.IsValueType ? Activator.CreateInstance(declared) : null;

        if (target == typeof(bool))
            return bool.Parse(text);

        if (target.IsEnum)
            return Enum.Parse(target, text, ignoreCase: true);

        if (target == typeof(TimeSpan))
            return TimeSpan.Parse(text, CultureInfo.InvariantCulture);

        if (target == typeof(DateTimeOffset))
            return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        if (target == typeof(Guid))
            return Guid.Parse(text);

        if (target == typeof(Uri))
            return new Uri(text, UriKind.RelativeOrAbsolute);

        return JsonSerializer.Deserialize(text, target, Lenient);
    }

    private static string Shorten(JsonElement value)
    {
        var text = value.ToString();
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "...");
    }

    private sealed class LenientStringConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
                return reader.GetString();

            // JsonElement writes true as "True", as .NET does, and objects as their JSON text.
            return JsonElement.ParseValue(ref reader).ToString();
        }

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    private sealed class LenientBooleanConverter : JsonConverter<bool>
    {
        public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => bool.Parse(reader.GetString()!),
            JsonTokenType.Number => reader.GetDouble() != 0,
            _ => reader.GetBoolean(),
        };

        public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
    }
}
