using System.Text.Json;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Expressions;

/// <summary>A typed expression as definitions hold it: <c>{"type":"JavaScript","value":"..."}</c>.</summary>
/// <param name="Type">Literal, Object, Variable, Input or JavaScript.</param>
/// <param name="Value">The source: text, or any JSON for a literal.</param>
public sealed record Expression(string Type, JsonElement? Value)
{
    public const string Literal = nameof(Literal);
    public const string Object = nameof(Object);
    public const string Variable = nameof(Variable);
    public const string Input = nameof(Input);
    public const string JavaScript = nameof(JavaScript);

    public static Expression LiteralOf<T>(T value) => new(Literal, Json.ToElement(value));

    /// <summary>Reads an input as definitions hold it: wrapped with its expression, or a bare value, which is a literal.</summary>
    internal static Expression? Parse(JsonNode? node)
    {
        if (node is null)
            return null;

        if (node is not JsonObject input || !input.ContainsKey("expression"))
            return new Expression(Literal, Json.ToElement(node));

        return input["expression"] is JsonObject expression
            ? new Expression(expression.Text("type") ?? Literal, expression["value"] is { } value ? Json.ToElement(value) : null)
            : null;
    }
}
