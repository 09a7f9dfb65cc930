using System.Text.Json;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Expressions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Definitions;

/// <summary>Finds what would fail at run time before a definition is published.</summary>
internal sealed class DefinitionCheck(Lazy<ActivityRegistry> registry)
{
    private static readonly string[] Expressions = [Expression.Literal, Expression.Object, Expression.Variable, Expression.Input, Expression.JavaScript];

    /// <summary>A designer offers kinds of workflows that this engine has not; one that is stored so could never be opened again.</summary>
    /// <exception cref="DefinitionRefusedException">The root is of an unknown type.</exception>
    public void ThrowIfRootUnknown(WorkflowDefinition definition)
    {
        var root = definition.Graph.Workflow.Ports["root"];
        if (registry.Value.Find(root.Type) is null)
            throw new DefinitionRefusedException([$"Workflows of the kind '{root.Type}' cannot run here. Choose Flowchart or Sequence."]);
    }

    /// <exception cref="DefinitionRefusedException">It cannot run; the message lists all reasons.</exception>
    public void ThrowIfUnfit(WorkflowDefinition definition)
    {
        if (Problems(definition).ToList() is { Count: > 0 } problems)
            throw new DefinitionRefusedException(problems);
    }

    private IEnumerable<string> Problems(WorkflowDefinition definition)
    {
        var names = definition.Source.Objects("variables").Select(variable => ("variables", variable.Text("name")))
            .Concat(definition.Inputs.Select(input => ("inputs", (string?)input.Name)));
        foreach (var twice in names.GroupBy(name => name).Where(group => group.Count() > 1))
            yield return $"Two {twice.Key.Item1} have the name '{twice.Key.Item2}'. Give one of them another name.";

        foreach (var problem in definition.Graph.Nodes.Values.Where(node => node != definition.Graph.Workflow).SelectMany(Problems))
            yield return problem;
    }

    private IEnumerable<string> Problems(ActivityNode node)
    {
        if (registry.Value.Find(node.Type) is not { } descriptor)
        {
            yield return $"'{node.Label}' is of the type '{node.Type}', which this server does not have. Replace the activity.";
            yield break;
        }

        foreach (var input in descriptor.Inputs)
        {
            if (node.FindInput(input.PropertyName) is { } expression && Problem(expression, input) is { } problem)
                yield return $"'{input.Attribute.DisplayName ?? input.PropertyName}' of '{node.Label}': {problem}";
        }
    }

    private static string? Problem(Expression expression, InputDescriptor input)
    {
        if (!Expressions.Contains(expression.Type))
            return $"{expression.Type} expressions cannot be evaluated here. Use JavaScript, a variable or a value.";

        if (expression is not { Type: Expression.Literal, Value: { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } value })
            return null;

        try
        {
            ValueConverter.Convert(value, input.ValueType, input.PropertyName);
            return null;
        }
        catch (InputConversionException)
        {
            return $"{value} is no {VariableType.AliasOf(input.ValueType)}.";
        }
    }
}
