using System.Collections.Immutable;
using System.Text.Json;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Expressions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Execution;

/// <summary>The edits of a transition; each notes what it changed.</summary>
internal sealed partial class StateTransition
{
    private readonly ChangeSet _changes = new() { State = before };
    private readonly List<Effect> _effects = [];
    private readonly bool _wasPaused = before.Instance.IsPaused;

    public WorkflowState State { get; private set; } = before;

    public Transition Build()
    {
        if (!_changes.IsEmpty)
            State = State with { Instance = State.Instance with { UpdatedAt = now } };

        _changes.State = State;
        return new Transition(State, _changes, _effects);
    }

    public IReadOnlyList<ExecutionState> ChildrenOf(string executionId) =>
        State.Children.TryGetValue(executionId, out var children)
            ? children.Select(id => State.Executions[id]).OrderBy(child => child.Order).ToList()
            : [];

    public void Log(ExecutionState execution, string eventName, string? message = null, JsonElement? payload = null)
    {
        var node = execution.Node;
        _changes.Journal.Add(new JournalEntry
        {
            Sequence = State.NextSequence,
            Timestamp = now,
            EventName = eventName,
            ActivityId = node.Id,
            ActivityNodeId = node.NodeId,
            ActivityType = node.Type,
            ActivityExecutionId = execution.Id,
            ParentActivityExecutionId = execution.ParentId,
            ActivityName = node.Name,
            Message = message,
            Payload = payload,
        });
        State = State with { NextSequence = State.NextSequence + 1 };
    }

    public void SetMemory(string executionId, JsonElement memory) => Set(State.Executions[executionId] with { Memory = memory });

    /// <summary>Stores an output, and copies it to the variable or workflow output that the definition binds it to.</summary>
    public void SetOutput(string executionId, string output, JsonElement value)
    {
        var execution = State.Executions[executionId];
        Set(execution with { Outputs = execution.Outputs.SetItem(output, value) });
        if (execution.Node.FindOutputTarget(output) is not { } target)
            return;

        if (Scope(executionId).FindById(target) is { } variable)
            WriteVariable(variable, value);
        else if (State.Graph.Outputs.Contains(target))
            State = State with { Instance = State.Instance with { Output = State.Instance.Output.ToImmutableDictionary().SetItem(target, value) } };
    }

    public T? EvaluateInput<T>(string executionId, ActivityNode node, string input)
    {
        var descriptor = machine.Registry.Find(node.Type)?.Inputs.FirstOrDefault(candidate => string.Equals(candidate.PropertyName, input, StringComparison.OrdinalIgnoreCase));
        var expression = node.FindInput(input) ?? descriptor?.Default;
        return expression is null ? default : (T?)ValueConverter.Convert(Evaluate(executionId, expression, input), typeof(T), input);
    }

    private VariableScope Scope(string executionId) => new(State, executionId);

    private bool TryEvaluateInputs(ref ExecutionState execution)
    {
        try
        {
            var node = execution.Node;
            var inputs = ImmutableDictionary.CreateBuilder<string, JsonElement>();
            foreach (var input in machine.Registry.Find(node.Type)?.Inputs ?? [])
            {
                // A sensitive value would be stored with the others: it is evaluated when the activity runs.
                if (execution.ChangedInputs.TryGetValue(input.PropertyName, out var changed))
                    inputs[input.PropertyName] = changed;
                else if (!input.Attribute.IsSensitive && (node.FindInput(input.PropertyName) ?? input.Default) is { } expression)
                    inputs[input.PropertyName] = Evaluate(execution.Id, expression, input.PropertyName);
            }

            execution = State.Executions[execution.Id] with { Inputs = inputs.ToImmutable() };
            Set(execution, inputsChanged: true);
            return true;
        }
        catch (WorkflowException e)
        {
            Fault(execution.Id, Failures.Of(e));
            return false;
        }
    }

    private JsonElement Evaluate(string executionId, Expression expression, string input)
    {
        var evaluation = machine.Evaluator.Evaluate(expression, input, Scope(executionId));
        foreach (var write in evaluation.Writes)
            WriteVariable(executionId, write);

        if (evaluation.CorrelationId is { } correlationId)
            State = State with { Instance = State.Instance with { CorrelationId = correlationId } };

        if (evaluation.InstanceName is { } name)
            State = State with { Instance = State.Instance with { Name = name } };

        return evaluation.Value;
    }

    private void WriteVariable(string executionId, VariableWrite write)
    {
        var scope = Scope(executionId);
        var variable = write.Id is not null ? scope.FindById(write.Id) : scope.FindByName(write.Name!);
        if (variable is null && write.Name is not null)
            variable = new ScopedVariable(new VariableKey(RootId(executionId), write.Name), write.Name, "Object");

        if (variable is not null)
            WriteVariable(variable, write.Value);
    }

    private string RootId(string executionId)
    {
        var execution = State.Executions[executionId];
        while (execution.ParentId is not null)
            execution = State.Executions[execution.ParentId];

        return execution.Id;
    }

    private void WriteVariable(ScopedVariable variable, JsonElement value) =>
        SetVariable(variable.Key, new VariableState(variable.Name, VariableType.Convert(value, variable.TypeName, variable.Name)));

    private void SetVariable(VariableKey key, VariableState variable)
    {
        var owned = State.Variables.GetValueOrDefault(key.OwnerId, ImmutableDictionary<string, VariableState>.Empty);
        ChangeSet.Set(_changes.Variables, key, variable, owned.ContainsKey(key.VariableId));
        State = State with { Variables = State.Variables.SetItem(key.OwnerId, owned.SetItem(key.VariableId, variable)) };
    }

    private void RemoveVariable(VariableKey key)
    {
        ChangeSet.Set(_changes.Variables, key, null, existed: true);
        State = State with { Variables = State.Variables.SetItem(key.OwnerId, State.Variables[key.OwnerId].Remove(key.VariableId)) };
    }

    private void AddBookmark(ExecutionState execution, BookmarkRequest request)
    {
        var bookmark = new BookmarkState(NewId(), execution.Id, execution.Node.NodeId, request.Name, request.Key, Json.ToElement(request.Payload), request.Due, now);
        ChangeSet.Set(_changes.Bookmarks, bookmark.Id, bookmark, existed: false);
        State = State with { Bookmarks = State.Bookmarks.Add(bookmark.Id, bookmark) };
        if (bookmark.Due is not null && !State.IsHeld)
            _effects.Add(new ArmTimer(bookmark));
    }

    private void RemoveBookmark(string bookmarkId)
    {
        ChangeSet.Set(_changes.Bookmarks, bookmarkId, null, existed: true);
        State = State with { Bookmarks = State.Bookmarks.Remove(bookmarkId) };
    }

    private void SetIncident(IncidentState incident)
    {
        ChangeSet.Set(_changes.Incidents, incident.Id, incident, State.Incidents.ContainsKey(incident.Id));
        State = State with { Incidents = State.Incidents.SetItem(incident.Id, incident) };
    }

    private void ResolveIncidents(string executionId)
    {
        foreach (var incident in State.OpenIncidents.Where(incident => incident.Incident.ActivityExecutionId == executionId).ToList())
            SetIncident(incident with { Incident = incident.Incident with { IsResolved = true } });
    }

    private void Add(ExecutionState execution)
    {
        _changes.Set(execution, isNew: true);
        State = State with { Executions = State.Executions.Add(execution.Id, execution) };
        if (execution.ParentId is { } parentId)
            State = State with { Children = State.Children.SetItem(parentId, State.Children.GetValueOrDefault(parentId, []).Add(execution.Id)) };
    }

    private void Set(ExecutionState execution, bool inputsChanged = false)
    {
        _changes.Set(execution, inputsChanged: inputsChanged);
        State = State with { Executions = State.Executions.SetItem(execution.Id, execution) };
    }

    /// <summary>Takes an execution that has ended out of the state, with its bookmarks and variables.</summary>
    private void Remove(ExecutionState execution)
    {
        _changes.Set(execution);
        foreach (var bookmark in State.Bookmarks.Values.Where(bookmark => bookmark.ExecutionId == execution.Id))
            RemoveBookmark(bookmark.Id);

        foreach (var variableId in State.Variables.GetValueOrDefault(execution.Id)?.Keys ?? [])
            RemoveVariable(new VariableKey(execution.Id, variableId));

        State = State with { Variables = State.Variables.Remove(execution.Id), Executions = State.Executions.Remove(execution.Id) };
        if (execution.ParentId is not { } parentId || !State.Children.TryGetValue(parentId, out var siblings))
            return;

        siblings = siblings.Remove(execution.Id);
        State = State with { Children = siblings.IsEmpty ? State.Children.Remove(parentId) : State.Children.SetItem(parentId, siblings) };
    }

    private void SetSubStatus(WorkflowSubStatus subStatus)
    {
        if (State.Instance.SubStatus != subStatus)
            State = State with { Instance = State.Instance with { SubStatus = subStatus } };
    }
}
