using System.Collections.Immutable;
using System.Text.Json;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Expressions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Execution;

/// <summary>What people ask of a run. What makes no sense for it throws, and leaves it as it is.</summary>
internal sealed partial class StateTransition
{
    public void Pause(string? by)
    {
        if (State.IsHeld)
            return;

        SetHold(RunHold.Paused);
        Log(Root, "Pausing", payload: By(by));
    }

    public void Interrupt(string? by)
    {
        if (State.Instance.Hold == RunHold.Interrupted)
            return;

        SetHold(RunHold.Interrupted);
        Log(Root, "WorkflowInterrupted", payload: By(by));
        State = State with { IsHalted = true };
        foreach (var executionId in State.Active)
            _effects.Add(new StopExecution(executionId));
    }

    /// <summary>Lets the run go on, and starts again what was running when the process, or a person, stopped it.</summary>
    public void Resume(string? by)
    {
        if (!State.IsHeld && !State.IsHalted)
            return;

        if (State.IsHeld)
            Log(Root, "Resumed", payload: By(by));

        SetHold(RunHold.None);
        if (State.IsHalted)
        {
            State = State with { IsHalted = false };
            foreach (var execution in State.Active.Select(id => State.Executions[id]).OrderBy(execution => execution.Order))
                Restart(execution);
        }

        foreach (var bookmark in State.Bookmarks.Values.Where(bookmark => bookmark.Due is not null))
            _effects.Add(new ArmTimer(bookmark));
    }

    public void Retry(RetryRequested request)
    {
        var faulted = State.Executions.Values
            .Where(execution => execution.Status == ActivityStatus.Faulted && (request.ExecutionId is null || execution.Id == request.ExecutionId))
            .OrderBy(execution => execution.Order)
            .ToList();
        if (faulted.Count == 0)
            throw new ActivityNotFaultedException(State.Instance.Id, request.ExecutionId);

        if (request.Inputs.Count > 0 && faulted.Count > 1)
            throw new AmbiguousStepException(State.Instance.Id, faulted.Select(execution => execution.Id));

        var inputs = machine.ReadInputs(faulted[0].Node, request.Inputs);

        Resume(request.By);
        foreach (var execution in faulted)
        {
            ResolveIncidents(execution.Id);
            var attempt = execution.Attempt + 1;
            Begin(execution with { ChangedInputs = inputs }, "Retried", attempt, Details(("Attempt", attempt), ("By", request.By), ("Inputs", inputs.IsEmpty ? null : inputs)));
        }
    }

    public void Skip(SkipRequested request)
    {
        if (!State.Executions.TryGetValue(request.ExecutionId, out var execution) || execution.Status != ActivityStatus.Faulted)
            throw new ActivityNotFaultedException(State.Instance.Id, request.ExecutionId);

        var outcomes = machine.Registry.OutcomesOf(execution.Node, State.Graph);
        if (!outcomes.Contains(request.Outcome, StringComparer.Ordinal))
            throw new UnknownOutcomeException(request.Outcome, execution.Node.Id, outcomes);

        Resume(request.By);
        ResolveIncidents(execution.Id);
        Set(execution with { Status = ActivityStatus.Running });
        Log(execution, "Skipped", payload: Details(("Outcome", request.Outcome), ("By", request.By)));
        Complete(execution.Id, request.Outcome == ActivityNode.DefaultOutcome ? null : [request.Outcome]);
    }

    public void Migrate(MigrateRequested request)
    {
        var target = request.Target;
        var reasons = Migration.ReasonsAgainst(State, target);
        if (reasons.Count > 0)
            throw new MigrationRefusedException(State.Instance.Id, target.Version, reasons);

        var instance = State.Instance;
        Log(Root, "Migrated", $"From version {instance.Version} to {target.Version}.", Details(("FromVersion", instance.Version), ("FromVersionId", instance.DefinitionVersionId), ("ToVersion", target.Version), ("ToVersionId", target.Id), ("By", request.By)));
        _changes.RunInputsChanged = true;
        State = State with
        {
            Graph = target.Graph,
            Instance = instance with { DefinitionVersionId = target.Id, Version = target.Version, Input = WorkflowInputs.Complete(target, instance.Input) },
        };

        // Containers first: their order is that of their creation.
        var moved = State.Executions.Values.OrderBy(execution => execution.Order).Select(execution => (execution.Id, Before: execution.Node)).ToList();
        foreach (var (id, before) in moved)
            MoveTo(State.Executions[id] with { Node = target.Graph.Nodes[before.NodeId] }, before);

        foreach (var (id, before) in moved)
        {
            if (State.Executions.TryGetValue(id, out var execution) && execution.Status == ActivityStatus.Running && machine.Registry.Find(execution.Node.Type)?.Prototype is Container container)
                reasons.AddRange(container.OnMigrated(new ContainerContext(this, id, execution.Node), before));
        }

        if (reasons.Count > 0)
            throw new MigrationRefusedException(State.Instance.Id, target.Version, reasons);
    }

    public void CancelRun(string? by)
    {
        Log(Root, "Workflow cancelled", payload: By(by));
        Cancel(Root.Id, notifyParent: false);
        Finish(WorkflowSubStatus.Cancelled);
    }

    private static JsonElement? By(string? by) => by is null ? null : Details(("By", by));

    private static JsonElement Details(params (string Name, object? Value)[] details) =>
        Json.ToElement(details.Where(detail => detail.Value is not null).ToDictionary(detail => detail.Name, detail => detail.Value));

    private void SetHold(RunHold hold) => State = State with { Instance = State.Instance with { Hold = hold } };

    private void Restart(ExecutionState execution)
    {
        execution = execution with { Attempt = execution.Attempt + 1 };
        Set(execution);
        Log(execution, "Restarted", payload: Details(("Attempt", execution.Attempt)));
        _effects.Add(new Execute(execution.Id));
    }

    /// <summary>Takes over the new version's node; variables that it adds begin with their defaults, those that it drops are gone.</summary>
    private void MoveTo(ExecutionState execution, ActivityNode before)
    {
        Set(execution);
        if (execution.Attempt == 0)
            return;

        var owned = State.Variables.GetValueOrDefault(execution.Id, ImmutableDictionary<string, VariableState>.Empty);
        foreach (var added in execution.Node.Variables.Where(variable => !owned.ContainsKey(variable.Id)))
            SetVariable(new VariableKey(execution.Id, added.Id), new VariableState(added.Name, added.Default));

        foreach (var dropped in before.Variables.Where(variable => owned.ContainsKey(variable.Id) && execution.Node.Variables.All(kept => kept.Id != variable.Id)))
            RemoveVariable(new VariableKey(execution.Id, dropped.Id));
    }
}
