using System.Text.Json;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Expressions;

/// <summary>A run as one execution sees it: what expressions can name.</summary>
internal sealed class VariableScope(WorkflowState state, string executionId)
{
    public WorkflowState State => state;

    public WorkflowInstance Instance => state.Instance;

    /// <summary>A declared variable by its id, from the inside to the outside.</summary>
    public ScopedVariable? FindById(string id) => Owners()
        .SelectMany(owner => owner.Node.Variables.Where(variable => variable.Id == id).Select(variable => Declared(owner.Id, variable)))
        .FirstOrDefault();

    /// <summary>A variable by its name, from the inside to the outside: declared ones, and those that loops and scripts made.</summary>
    public ScopedVariable? FindByName(string name)
    {
        foreach (var owner in Owners())
        {
            if (owner.Node.Variables.FirstOrDefault(variable => variable.Name == name) is { } declared)
                return Declared(owner.Id, declared);

            if (state.Variables.TryGetValue(owner.Id, out var owned) && owned.ContainsKey(name))
                return new ScopedVariable(new VariableKey(owner.Id, name), name, "Object");
        }

        return null;
    }

    public IEnumerable<string> VariableNames() => Owners()
        .SelectMany(owner => state.Variables.TryGetValue(owner.Id, out var owned) ? owned.Values.Select(variable => variable.Name) : [])
        .Distinct(StringComparer.Ordinal);

    public JsonElement Read(ScopedVariable? variable) =>
        variable is not null && state.Variables.TryGetValue(variable.Key.OwnerId, out var owned) && owned.TryGetValue(variable.Key.VariableId, out var found)
            ? found.Value
            : Json.Null;

    public JsonElement ReadInput(string name) => FindInput(name) ?? Json.Null;

    /// <summary>A workflow input by name, whatever its case.</summary>
    public JsonElement? FindInput(string name) => Instance.Input
        .Where(input => string.Equals(input.Key, name, StringComparison.OrdinalIgnoreCase))
        .Select(input => (JsonElement?)input.Value)
        .FirstOrDefault();

    /// <summary>What an activity, by id or by name, gave when it last completed.</summary>
    public JsonElement ReadOutput(string activityIdOrName, string? output)
    {
        var found = state.LastOutputs.GetValueOrDefault(activityIdOrName)
            ?? state.Graph.Nodes.Values.Where(node => node.Name == activityIdOrName).Select(node => state.LastOutputs.GetValueOrDefault(node.Id)).FirstOrDefault(values => values is not null);
        return found is null ? Json.Null : Pick(found, output);
    }

    public JsonElement ReadLastResult() => state.LastOutputs.Values
        .Where(values => values.Values.ContainsKey("Result"))
        .OrderByDescending(values => values.Sequence)
        .Select(values => values.Values["Result"])
        .DefaultIfEmpty(Json.Null)
        .First();

    public IEnumerable<(string Activity, IEnumerable<string> Outputs)> OutputsByActivityName() => state.Graph.Nodes.Values
        .Where(node => node.Name is not null && state.LastOutputs.ContainsKey(node.Id))
        .Select(node => (node.Name!, state.LastOutputs[node.Id].Values.Keys));

    private static JsonElement Pick(LastOutput found, string? output)
    {
        var name = output ?? (found.Values.ContainsKey("Result") ? "Result" : found.Values.Keys.Order(StringComparer.Ordinal).First());
        return found.Values.GetValueOrDefault(name, Json.Null);
    }

    private static ScopedVariable Declared(string ownerId, VariableDefinition variable) =>
        new(new VariableKey(ownerId, variable.Id), variable.Name, variable.TypeName);

    private IEnumerable<(string Id, ActivityNode Node)> Owners()
    {
        for (var id = executionId; id is not null && state.Executions.TryGetValue(id, out var execution); id = execution.ParentId!)
            yield return (id, execution.Node);
    }
}

/// <summary>A variable and where it lives.</summary>
internal sealed record ScopedVariable(VariableKey Key, string Name, string TypeName);
