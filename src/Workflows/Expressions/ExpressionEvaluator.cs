using System.Text.Json;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Expressions;

/// <summary>Evaluates the expressions of inputs; tests of the state machine bring their own.</summary>
internal interface IExpressionEvaluator
{
    /// <exception cref="ExpressionException">The expression is of no known type, or its script failed.</exception>
    Evaluation Evaluate(Expression expression, string input, VariableScope scope);
}

/// <summary>A value, and what a script changed on the way.</summary>
internal sealed record Evaluation(JsonElement Value)
{
    public IReadOnlyList<VariableWrite> Writes { get; init; } = [];
    public string? CorrelationId { get; init; }
    public string? InstanceName { get; init; }
}

internal sealed class ExpressionEvaluator(ScriptEvaluator scripts) : IExpressionEvaluator
{
    public Evaluation Evaluate(Expression expression, string input, VariableScope scope)
    {
        var value = expression.Value ?? Json.Null;
        switch (expression.Type)
        {
            case Expression.Literal:
            case Expression.Object:
            case "Json":
                return new Evaluation(value);
            case Expression.Variable:
                var reference = Reference(value);
                var variable = (reference?.Text("id") is { } id ? scope.FindById(id) : null) ?? (reference?.Text("name") is { } name ? scope.FindByName(name) : null);
                return new Evaluation(scope.Read(variable));
            case Expression.Input:
                return new Evaluation(Reference(value)?.Text("name") is { } inputName ? scope.ReadInput(inputName) : Json.Null);
            case Expression.JavaScript:
                return RunScript(value, input, scope);
            default:
                throw new ExpressionException(input, new NotSupportedException($"Expressions of type '{expression.Type}' are not supported; use Literal, Object, Variable, Input or JavaScript."));
        }
    }

    /// <summary>Designers write the variable's or input's JSON as text, and leave older text there until a choice is made: that is none.</summary>
    private static JsonObject? Reference(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && !Json.TryParse(value.GetString()!, out value))
            return null;

        return value.ValueKind == JsonValueKind.Object ? JsonObject.Create(value, Json.IgnoreCase) : null;
    }

    private Evaluation RunScript(JsonElement value, string input, VariableScope scope)
    {
        try
        {
            return scripts.Run(value.ToString(), scope);
        }
        catch (ScriptException e)
        {
            throw new ExpressionException(input, e);
        }
    }
}
