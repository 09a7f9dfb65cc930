using System.Text.Json;

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

    public static Expression LiteralOf<T>(T value) => new(Literal, JsonSerializer.SerializeToElement(value));
}
