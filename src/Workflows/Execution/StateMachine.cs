using VmCluster.Workflows.Activities;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Expressions;

namespace VmCluster.Workflows.Execution;

/// <summary>
/// The engine's core: from a state and an event it makes the next state, the rows to store and the effects to start
/// once they are stored. It reads no clock, makes no random ids and touches nothing outside. Expressions are evaluated
/// by the evaluator that it is given.
/// </summary>
internal sealed class StateMachine(WorkflowGraph graph, ActivityRegistry registry, IExpressionEvaluator evaluator, IncidentStrategy defaultStrategy)
{
    public WorkflowGraph Graph => graph;

    public ActivityRegistry Registry => registry;

    public IExpressionEvaluator Evaluator => evaluator;

    public IncidentStrategy Strategy => graph.Strategy ?? defaultStrategy;

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

    private Transition Run(WorkflowState state, WorkflowEvent happened)
    {
        var transition = new StateTransition(this, state, happened.At);
        if (state.IsFinished)
            return transition.Build();

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
                transition.ResumeBookmark(bookmark, resumed.Payload);
                break;
            case InterruptRequested:
                transition.Interrupt();
                break;
            case ResumeRequested:
                transition.Resume();
                break;
            case RetryRequested retry:
                transition.Retry(retry.ExecutionId);
                break;
            case CancelRequested:
                transition.CancelRun();
                break;
        }

        transition.Settle();
        return transition.Build();
    }
}
