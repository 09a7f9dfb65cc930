using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Expressions;

namespace VmCluster.Workflows.Tests.Support;

/// <summary>The state machine alone, fed with events by hand. It checks after each that what is stored is what is.</summary>
internal sealed class Bench
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    private static readonly StateMachine Machine = new(
        new ActivityRegistry(new ServiceCollection().AddSingleton(new Workshop()).BuildServiceProvider(), [typeof(StateMachine).Assembly, typeof(Bench).Assembly]),
        new ExpressionEvaluator(new ScriptEvaluator(TimeProvider.System)),
        IncidentStrategy.KeepOpen);

    private int _seconds;

    public Bench(string json)
    {
        var definition = WorkflowDefinition.Parse(json);
        State = new WorkflowState
        {
            Instance = new WorkflowInstance
            {
                Id = "run",
                DefinitionId = definition.DefinitionId,
                DefinitionVersionId = definition.Id,
                Version = definition.Version,
                Status = WorkflowStatus.Running,
                SubStatus = WorkflowSubStatus.Pending,
                CreatedAt = Start,
                UpdatedAt = Start,
            },
            Graph = definition.Graph,
        };
        Apply(new RunStarted(Start));
    }

    public WorkflowState State { get; private set; }

    public Store Store { get; } = new();

    public IReadOnlyList<Effect> Effects { get; private set; } = [];

    /// <summary>The time of the next event.</summary>
    public DateTimeOffset Now => Start.AddSeconds(++_seconds);

    public IEnumerable<string> Active => State.Active.Select(id => State.Executions[id]).OrderBy(execution => execution.Order).Select(execution => execution.Node.Id);

    public IReadOnlyList<string> Events(string activityId) => Store.Journal.Where(entry => entry.ActivityId == activityId).Select(entry => entry.EventName).ToList();

    public ExecutionState Find(string activityId) => State.Executions.Values.Single(execution => execution.Node.Id == activityId);

    public void Apply(WorkflowEvent happened)
    {
        var transition = Machine.Apply(State, happened);
        State = transition.State;
        Effects = transition.Effects;
        Store.Write(transition.Changes);
        Store.AssertHolds(State);
    }

    public void Complete(string activityId, params string[] outcomes) => End(activityId, new ActivityResult { Outcomes = outcomes.Length == 0 ? null : outcomes });

    public void Wait(string activityId) => End(activityId, new ActivityResult { Bookmarks = [new BookmarkRequest("Test")] });

    public void End(string activityId, ActivityResult result)
    {
        var execution = Find(activityId);
        Apply(new ActivityEnded(Now, execution.Id, execution.Attempt, result));
    }

    public void Fail(string activityId)
    {
        var execution = Find(activityId);
        Apply(new ActivityFailed(Now, execution.Id, execution.Attempt, Failures.Of(new WorkBrokenException(activityId))));
    }

    public void Deliver(string activityId) => Apply(new BookmarkResumed(Now, State.Bookmarks.Values.Single(bookmark => State.Executions[bookmark.ExecutionId].Node.Id == activityId).Id, JsonSerializer.SerializeToElement("payload")));

    public void Retry(string? executionId = null) => Apply(new RetryRequested(Now, null, executionId, ImmutableDictionary<string, JsonElement>.Empty));

    /// <summary>The process is gone, and the next one has read what is stored.</summary>
    public void LoseProcess()
    {
        State = State with { IsHalted = true };
        Apply(new ProcessRestarted(Now));
    }
}
