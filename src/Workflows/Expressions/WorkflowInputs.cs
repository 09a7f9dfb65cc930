using System.Collections.Immutable;
using System.Text.Json;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Expressions;

/// <summary>The inputs with which a run begins.</summary>
internal static class WorkflowInputs
{
    /// <summary>Converts the given inputs to their declared types, and fills in the defaults of those that are absent.</summary>
    /// <exception cref="InputConversionException">A value has no meaning as the declared type.</exception>
    public static ImmutableDictionary<string, JsonElement> Complete(WorkflowDefinition definition, IReadOnlyDictionary<string, JsonElement> given)
    {
        var inputs = ImmutableDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            var declared = definition.Inputs.FirstOrDefault(input => string.Equals(input.Name, name, StringComparison.OrdinalIgnoreCase));
            inputs[declared?.Name ?? name] = declared is null ? value : VariableType.Convert(value, declared.Type, declared.Name);
        }

        foreach (var input in definition.Inputs.Where(input => input.DefaultValue is not null && !inputs.ContainsKey(input.Name)))
            inputs[input.Name] = VariableType.Convert(Json.ToElement(input.DefaultValue), input.Type, input.Name);

        return inputs.ToImmutable();
    }
}
