using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Execution;

/// <summary>One transition while it is being made: what can happen to executions, on top of the edits in the other part.</summary>
internal sealed partial class StateTransition(StateMachine machine, WorkflowState before, DateTimeOffset now)
{
    private IncidentStrategy Strategy => State.Graph.Strategy ?? machine.DefaultStrategy;

    private ExecutionState Root => State.Executions.Values.Single(execution => execution.ParentId is null);

    public bool IsRunning(string executionId, int attempt) =>
        State.Active.Contains(executionId) && State.Executions[executionId].Attempt == attempt;

    public void Start()
    {
        _changes.IsNewInstance = true;
        Schedule(parentId: null, State.Graph.Workflow);
    }

    public void Schedule(string? parentId, ActivityNode node, IReadOnlyDictionary<string, JsonElement>? variables = null, bool enteredBackward = false)
    {
        var execution = new ExecutionState
        {
            Id = NewId(),
            ParentId = parentId,
            Node = node,
            Order = State.NextId,
            Status = ActivityStatus.Pending,
            StartedAt = now,
            EnteredBackward = enteredBackward,
        };
        Add(execution);
        foreach (var (name, value) in variables ?? ImmutableDictionary<string, JsonElement>.Empty)
            SetVariable(new VariableKey(execution.Id, name), new VariableState(name, value));

        State = State with { Queue = State.Queue.Enqueue(execution.Id) };
    }

    /// <summary>Stores what an activity's code left behind; it is complete then, or waits.</summary>
    public void End(string executionId, ActivityResult result)
    {
        var execution = Stop(executionId);
        foreach (var write in result.Variables)
            WriteVariable(executionId, write);

        if (result.CorrelationId is { } correlationId)
            State = State with { Instance = State.Instance with { CorrelationId = correlationId } };

        execution = execution with { JournalData = execution.JournalData.SetItems(result.JournalData) };
        Set(execution);
        foreach (var (output, value) in result.Outputs)
            SetOutput(executionId, output, value);

        if (result.Bookmarks.Count > 0)
        {
            foreach (var request in result.Bookmarks)
                AddBookmark(execution, request);

            Log(execution, "Suspended");
            return;
        }

        Complete(executionId, result.Outcomes, notifyParent: !result.FinishesWorkflow);
        if (result.FinishesWorkflow)
            Finish(WorkflowSubStatus.Finished);
    }

    public void Complete(string executionId, IReadOnlyList<string>? outcomes, bool notifyParent = true)
    {
        if (!State.Executions.TryGetValue(executionId, out var execution) || execution.Status != ActivityStatus.Running)
            return;

        foreach (var child in ChildrenOf(executionId))
            Cancel(child.Id, notifyParent: false);

        var payload = execution.JournalData;
        if (outcomes is not null)
            payload = payload.SetItem("Outcomes", Json.ToElement(outcomes));

        execution = execution with
        {
            Status = ActivityStatus.Completed,
            CompletedAt = now,
            CompletedSequence = State.NextSequence,
            Outcomes = outcomes,
        };
        Log(execution, "Completed", payload: payload.IsEmpty ? null : Json.ToElement(payload));
        if (!execution.Outputs.IsEmpty)
            State = State with { LastOutputs = State.LastOutputs.SetItem(execution.Node.Id, new LastOutput(State.NextSequence - 1, execution.Outputs)) };

        State = State with { Completed = State.Completed.Add(execution.Node.NodeId) };
        if (execution.ParentId is null)
        {
            _changes.Set(execution);
            State = State with { Executions = State.Executions.Remove(executionId) };
            Finish(Strategy == IncidentStrategy.Fault && State.OpenIncidents.Any() ? WorkflowSubStatus.Faulted : WorkflowSubStatus.Finished);
            return;
        }

        Remove(execution);
        if (notifyParent)
            NotifyParent(execution, (container, context, child) => container.OnChildCompleted(context, child));
    }

    public void Cancel(string executionId, bool notifyParent = true)
    {
        if (!State.Executions.TryGetValue(executionId, out var execution))
            return;

        foreach (var child in ChildrenOf(executionId))
            Cancel(child.Id, notifyParent: false);

        var started = execution.Status != ActivityStatus.Pending;
        execution = execution with { Status = ActivityStatus.Canceled, CompletedAt = now };
        if (started)
            Log(execution, "Canceled");

        // Under Elsa's strategy a fault decides how the run ends, whatever becomes of the branch.
        if (Strategy != IncidentStrategy.Fault)
            ResolveIncidents(executionId);

        if (State.Active.Contains(executionId))
        {
            State = State with { Active = State.Active.Remove(executionId) };
            _effects.Add(new StopExecution(executionId));
        }

        Remove(execution);
        if (notifyParent)
            NotifyParent(execution, (container, context, child) => container.OnChildCanceled(context, child));
    }

    public void Fault(string executionId, Failure failure)
    {
        var execution = Stop(executionId) with { Status = ActivityStatus.Faulted };
        Set(execution);
        Log(execution, "Faulted", failure.Message, failure.Payload);
        var node = execution.Node;
        SetIncident(new IncidentState(NewId(), new Incident(node.Id, node.NodeId, executionId, node.Type, failure.Message, failure.ExceptionType, now, IsResolved: false) { Detail = failure.Detail }));
    }

    public void ResumeBookmark(BookmarkState bookmark, BookmarkResumed resumed)
    {
        RemoveBookmark(bookmark.Id);
        var execution = State.Executions[bookmark.ExecutionId] with { Status = ActivityStatus.Pending, ResumedWith = resumed.Payload };
        if (resumed.By is not null)
            Log(execution, "Delivered", payload: By(resumed.By));
        Set(execution);
        State = State with { Queue = State.Queue.Enqueue(execution.Id) };
    }

    /// <summary>Starts what is pending, and says what the run as a whole has come to.</summary>
    public void Settle()
    {
        while (!State.IsHeld && !State.IsHalted && !State.IsFinished && !State.Queue.IsEmpty)
        {
            State = State with { Queue = State.Queue.Dequeue(out var executionId) };
            if (State.Executions.TryGetValue(executionId, out var execution) && execution.Status == ActivityStatus.Pending)
                Begin(execution, execution.ResumedWith is null ? "Started" : "Resumed", Math.Max(1, execution.Attempt));
        }

        if (State.IsFinished)
            return;

        if (State.Instance.Hold == RunHold.Interrupted)
            SetSubStatus(WorkflowSubStatus.Interrupted);
        else if (State.IsRunningCode || (State.IsHalted && !State.IsHeld && !(State.Active.IsEmpty && State.Queue.IsEmpty)))
            SetSubStatus(WorkflowSubStatus.Executing);
        else if (Strategy == IncidentStrategy.Fault && !State.IsHeld && State.OpenIncidents.Any())
            Finish(WorkflowSubStatus.Faulted);
        else
            SetSubStatus(WorkflowSubStatus.Suspended);

        if (State.Instance.IsPaused && !_wasPaused)
            Log(Root, "Paused");
    }

    private void Begin(ExecutionState execution, string eventName, int attempt, JsonElement? payload = null)
    {
        var node = execution.Node;
        execution = execution with { Status = ActivityStatus.Running, Attempt = attempt, StartedAt = execution.Attempt == 0 ? now : execution.StartedAt };
        Set(execution);
        Log(execution, eventName, payload: payload ?? (execution.ParentId is null ? By(State.StartedBy) : null));
        foreach (var variable in node.Variables)
            SetVariable(new VariableKey(execution.Id, variable.Id), new VariableState(variable.Name, variable.Default));

        if (machine.Registry.Find(node.Type) is not { } descriptor)
        {
            Fault(execution.Id, Failures.Of(new UnknownActivityException(node.Type, node.Version)));
            return;
        }

        if (!TryEvaluateInputs(ref execution))
            return;

        if (descriptor.Prototype is not Container container)
        {
            State = State with { Active = State.Active.Add(execution.Id) };
            _effects.Add(new Execute(execution.Id));
            return;
        }

        try
        {
            container.OnStarted(new ContainerContext(this, execution.Id, node));
        }
        catch (WorkflowException e)
        {
            Fault(execution.Id, Failures.Of(e));
        }
    }

    /// <summary>Takes a leaf out of those whose code is running.</summary>
    private ExecutionState Stop(string executionId)
    {
        State = State with { Active = State.Active.Remove(executionId) };
        return State.Executions[executionId];
    }

    private void NotifyParent(ExecutionState child, Action<Container, ContainerContext, EndedChild> notify)
    {
        if (child.ParentId is null || !State.Executions.TryGetValue(child.ParentId, out var parent))
            return;

        var parentNode = parent.Node;
        var container = (Container)machine.Registry.Find(parentNode.Type)!.Prototype;
        notify(container, new ContainerContext(this, parent.Id, parentNode), new EndedChild(child.Node, child.Outcomes, child.EnteredBackward));
    }

    private void Finish(WorkflowSubStatus subStatus)
    {
        foreach (var execution in State.Active.Select(id => State.Executions[id]).OrderBy(execution => execution.Order).ToList())
            Cancel(execution.Id, notifyParent: false);

        foreach (var bookmark in State.Bookmarks.Keys)
            RemoveBookmark(bookmark);

        State = State with
        {
            Queue = [],
            Instance = State.Instance with { Hold = RunHold.None, Status = WorkflowStatus.Finished, SubStatus = subStatus, FinishedAt = now },
        };
    }

    private string NewId()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{State.Instance.Id}-{State.NextId}");
        State = State with { NextId = State.NextId + 1 };
        return id;
    }
}
