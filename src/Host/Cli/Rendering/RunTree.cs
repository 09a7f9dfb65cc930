using System.Collections.Concurrent;
using System.Text.Json;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli.Rendering;

/// <summary>How far a step is.</summary>
internal enum StepState
{
    Running,
    Done,
    Failed,
    Canceled,
}

/// <summary>An execution of an activity, as a watcher sees it.</summary>
internal sealed class Step(string label, Step? parent, DateTimeOffset startedAt, bool isVisible)
{
    private readonly List<Step> _children = [];

    public string Label { get; } = label;

    /// <summary>The containing step that is shown; null at the top.</summary>
    public Step? Parent { get; } = parent;

    /// <summary>False for containers that only give order: their children are shown in their place.</summary>
    public bool IsVisible { get; } = isVisible;

    public IReadOnlyList<Step> Children => _children;
    public DateTimeOffset StartedAt { get; set; } = startedAt;
    public DateTimeOffset? EndedAt { get; set; }
    public StepState State { get; set; } = StepState.Running;

    /// <summary>What it is doing, or what went wrong.</summary>
    public string? Message { get; set; }

    /// <summary>From 0 to 1, where it is known.</summary>
    public double? Fraction { get; set; }

    public TimeSpan Elapsed(DateTimeOffset now) => (EndedAt ?? now) - StartedAt;

    public void Add(Step child) => _children.Add(child);
}

/// <summary>The steps of a run as a tree, kept up to date from what the runtime says.</summary>
/// <param name="labels">Texts of activities, by their id in the definition.</param>
internal sealed class RunTree(IReadOnlyDictionary<string, string> labels)
{
    private static readonly HashSet<string> OrderOnly =
        ["Elsa.Workflow", "Elsa.Flowchart", "Elsa.Sequence", "Elsa.Start", "Elsa.FlowJoin", "Elsa.FlowDecision", "Elsa.If", "Elsa.Finish"];

    private readonly ConcurrentDictionary<string, string> _nodes = new();
    private readonly Dictionary<string, Step> _steps = [];
    private readonly List<Step> _roots = [];

    public IReadOnlyList<Step> Roots => _roots;

    /// <summary>The deepest steps that are at work or have failed: where the run stands.</summary>
    public IEnumerable<Step> Standing => _steps.Values.Where(step =>
        step.IsVisible && step.State is StepState.Running or StepState.Failed && !step.Children.Any(child => child.State is StepState.Running or StepState.Failed));

    /// <summary>Whether steps of this type may be about one node, which their label then names.</summary>
    public static bool IsOfNode(string activityType) => activityType.StartsWith("VmCluster.", StringComparison.Ordinal);

    /// <summary>Says which node an execution is about, before its row is applied. May be called from another thread.</summary>
    public void SetNode(ActivityExecution execution)
    {
        if (execution.Inputs.FirstOrDefault(input => string.Equals(input.Key, "NodeName", StringComparison.OrdinalIgnoreCase)).Value is { ValueKind: JsonValueKind.String } node)
            _nodes[execution.Id] = node.GetString()!;
    }

    /// <summary>Takes what earlier processes did of the run, oldest first.</summary>
    public void Load(IEnumerable<ActivityExecution> executions)
    {
        foreach (var execution in executions.OrderBy(execution => execution.StartedAt))
        {
            SetNode(execution);
            var step = Begin(execution.Id, execution.ParentId, execution.ActivityId, execution.ActivityType, execution.ActivityName, execution.StartedAt);
            step.EndedAt = execution.CompletedAt;
            step.State = execution.Status switch
            {
                ActivityStatus.Completed => StepState.Done,
                ActivityStatus.Faulted => StepState.Failed,
                ActivityStatus.Canceled => StepState.Canceled,
                _ => StepState.Running,
            };
        }
    }

    /// <summary>Returns the step that has changed, if that is to be shown.</summary>
    public Step? Apply(JournalEntry entry)
    {
        if (entry.EventName is "Started" or "Restarted" or "Retried")
        {
            var step = Begin(entry.ActivityExecutionId, entry.ParentActivityExecutionId, entry.ActivityId, entry.ActivityType, entry.ActivityName, entry.Timestamp);
            step.State = StepState.Running;
            (step.EndedAt, step.Message, step.Fraction) = (null, null, null);

            // The time that is shown is that of the attempt, not of the days for which the run lay still.
            for (var attempt = step; attempt is not null && entry.EventName != "Started"; attempt = attempt.Parent)
                attempt.StartedAt = entry.Timestamp;
            return Shown(step);
        }

        if (!_steps.TryGetValue(entry.ActivityExecutionId, out var ended))
            return null;
        switch (entry.EventName)
        {
            case "Completed":
                return End(StepState.Done, null);
            case "Faulted":
                return End(StepState.Failed, entry.Message);
            case "Canceled":
                return End(StepState.Canceled, null);
            default:
                return null;
        }

        Step? End(StepState state, string? message)
        {
            (ended.State, ended.EndedAt, ended.Message, ended.Fraction) = (state, entry.Timestamp, message, null);
            return Shown(ended);
        }
    }

    /// <summary>The label of an execution; null where none is known.</summary>
    public string? LabelOf(string executionId) => _steps.GetValueOrDefault(executionId)?.Label;

    /// <summary>Returns the step that says how far it is, if that is to be shown.</summary>
    public Step? Apply(ProgressReported progress)
    {
        if (!_steps.TryGetValue(progress.ActivityExecutionId, out var step))
            return null;
        (step.Message, step.Fraction) = (progress.Message, progress.Fraction);
        return Shown(step);
    }

    private static Step? Shown(Step step) => step.IsVisible ? step : null;

    private Step Begin(string executionId, string? parentId, string activityId, string type, string? name, DateTimeOffset at)
    {
        if (_steps.TryGetValue(executionId, out var known))
            return known;
        var container = parentId is null ? null : _steps.GetValueOrDefault(parentId);
        var parent = container is { IsVisible: false } ? container.Parent : container;
        var text = labels.GetValueOrDefault(activityId);
        var step = new Step(
            (text ?? name ?? activityId) + (_nodes.TryGetValue(executionId, out var node) ? $" ({node})" : ""),
            parent,
            at,
            isVisible: text is not null || !OrderOnly.Contains(type));
        _steps.Add(executionId, step);
        if (step.IsVisible && parent is null)
            _roots.Add(step);
        else if (step.IsVisible)
            parent!.Add(step);
        return step;
    }
}
