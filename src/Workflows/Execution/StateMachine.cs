using System.Collections.Immutable;
using System.Text.Json;
using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Expressions;

namespace VmCluster.Workflows.Execution;

/// <summary>
/// The engine's core: from a state and an event it makes the next state, the rows to store and the effects to start
/// once they are stored. It reads no clock, makes no random ids and touches nothing outside. Expressions are evaluated
/// by the evaluator that it is given.
/// </summary>
internal sealed class StateMachine(ActivityRegistry registry, IExpressionEvaluator evaluator, IncidentStrategy defaultStrategy)
{
    public ActivityRegistry Registry => registry;

    public IExpressionEvaluator Evaluator => evaluator;

    public IncidentStrategy DefaultStrategy => defaultStrategy;

    /// <exception cref="WorkflowException">A <see cref="Request"/> makes no sense for the run as it is; the message says why.</exception>
    public Transition Apply(WorkflowState state, WorkflowEvent happened)
    {
        try
        {
            return Run(state, happened);
        }
        catch (WorkflowException e) when (happened is ActivityEnded)
        {
            // Nothing of the half-made transition is kept: the activity whose end cannot be digested is the one that faults.
            var ended = (ActivityEnded)happened;
            return Run(state, new ActivityFailed(ended.At, ended.ExecutionId, ended.Attempt, Failures.Of(e)));
        }
    }

    /// <summary>What a person gives an activity as inputs, by their proper names.</summary>
    /// <exception cref="UnknownInputException">It has no such input.</exception>
    /// <exception cref="SensitiveInputException">The value would have to be stored.</exception>
    /// <exception cref="InputConversionException">The value has no meaning as the input's type.</exception>
    public ImmutableDictionary<string, JsonElement> ReadInputs(ActivityNode node, IReadOnlyDictionary<string, JsonElement> inputs)
    {
        var known = registry.Find(node.Type)?.Inputs ?? [];
        var read = ImmutableDictionary.CreateBuilder<string, JsonElement>();
        foreach (var (name, value) in inputs)
        {
            var input = known.FirstOrDefault(candidate => string.Equals(candidate.PropertyName, name, StringComparison.OrdinalIgnoreCase))
                ?? throw new UnknownInputException(name, node.Id, known.Select(candidate => candidate.PropertyName));
            if (input.Attribute.IsSensitive)
                throw new SensitiveInputException(name, node.Id);

            ValueConverter.Convert(value, input.ValueType, name);
            read[input.PropertyName] = value;
        }

        return read.ToImmutable();
    }

    private Transition Run(WorkflowState state, WorkflowEvent happened)
    {
        var transition = new StateTransition(this, state, happened.At);
        if (state.IsFinished)
            return happened is Request ? throw new RunFinishedException(state.Instance.Id, state.Instance.SubStatus) : transition.Build();

        switch (happened)
        {
            case RunStarted:
                transition.Start();
                break;
            case ActivityEnded ended when transition.IsRunning(ended.ExecutionId, ended.Attempt):
                transition.End(ended.ExecutionId, ended.Result);
                break;
            case ActivityFailed failed when transition.IsRunning(failed.ExecutionId, failed.Attempt):
                transition.Fault(failed.ExecutionId, failed.Failure);
                break;
            case ActivityLogged logged when state.Executions.TryGetValue(logged.ExecutionId, out var execution):
                transition.Log(execution, logged.EventName, logged.Message, logged.Payload);
                break;
            case BookmarkResumed resumed when state.Bookmarks.TryGetValue(resumed.BookmarkId, out var bookmark):
                transition.ResumeBookmark(bookmark, resumed);
                break;
            case ProcessRestarted when !state.IsHeld:
                transition.Resume(by: null);
                break;
            case PauseRequested pause:
                transition.Pause(pause.By);
                break;
            case InterruptRequested interrupt:
                transition.Interrupt(interrupt.By);
                break;
            case ResumeRequested resume:
                transition.Resume(resume.By);
                break;
            case RetryRequested retry:
                transition.Retry(retry);
                break;
            case SkipRequested skip:
                transition.Skip(skip);
                break;
            case MigrateRequested migrate:
                transition.Migrate(migrate);
                break;
            case CancelRequested cancel:
                transition.CancelRun(cancel.By);
                break;
        }

        transition.Settle();
        return transition.Build();
    }
}
