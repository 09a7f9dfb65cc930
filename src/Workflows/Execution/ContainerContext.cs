using System.Text.Json;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Expressions;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Execution;

/// <summary>What a container sees of its run, and what it can decide, within one transition.</summary>
internal sealed class ContainerContext(StateTransition transition, string executionId, ActivityNode node)
{
    public ActivityNode Node => node;

    public IReadOnlyList<LiveChild> LiveChildren => transition.ChildrenOf(executionId)
        .Select(child => new LiveChild(child.Id, child.Node))
        .ToList();

    public bool HasLiveChildren => transition.State.Children.ContainsKey(executionId);

    /// <summary>An evaluated input of the container itself.</summary>
    public T? Get<T>(string input) =>
        transition.State.Executions[executionId].Inputs.TryGetValue(input, out var value) ? (T?)ValueConverter.Convert(value, typeof(T), input) : default;

    /// <summary>Evaluates an input of a child that has not started yet.</summary>
    public T? EvaluateInput<T>(ActivityNode child, string input) => transition.EvaluateInput<T>(executionId, child, input);

    public T? GetMemory<T>() => transition.State.Executions[executionId].Memory is { } memory ? memory.Deserialize<T>(Json.Options) : default;

    public void SetMemory<T>(T memory) => transition.SetMemory(executionId, Json.ToElement(memory));

    public void SetOutput<T>(string output, T value) => transition.SetOutput(executionId, output, Json.ToElement(value));

    public void Schedule(ActivityNode child, IReadOnlyDictionary<string, JsonElement>? variables = null, bool enteredBackward = false) =>
        transition.Schedule(executionId, child, variables, enteredBackward);

    /// <summary>Runs the child in a port, or completes where there is none.</summary>
    public void ScheduleOrComplete(string port)
    {
        if (node.Ports.TryGetValue(port, out var child))
            Schedule(child);
        else
            Complete();
    }

    public void CancelChild(string childExecutionId) => transition.Cancel(childExecutionId);

    public void Complete() => transition.Complete(executionId, outcomes: null);
}

internal sealed record LiveChild(string ExecutionId, ActivityNode Node);

/// <summary>A child that completed or was cancelled; no outcomes means the default one.</summary>
internal sealed record EndedChild(ActivityNode Node, IReadOnlyList<string>? Outcomes, bool EnteredBackward);
