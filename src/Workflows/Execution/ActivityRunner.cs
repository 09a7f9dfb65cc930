using Microsoft.Extensions.DependencyInjection;
using VmCluster.Workflows.Expressions;

namespace VmCluster.Workflows.Execution;

/// <summary>Runs the code of one activity, once, and tells how it ended.</summary>
internal sealed class ActivityRunner(StateMachine machine, IServiceScopeFactory scopes, TimeProvider timeProvider, Action<WorkflowEvent> post, Action<RunNotification> notify)
{
    /// <summary>Never throws. An attempt that was stopped tells nothing: it will run again, or nobody wants it any more.</summary>
    public async Task RunAsync(WorkflowState state, string executionId, CancellationToken cancellationToken)
    {
        var execution = state.Executions[executionId];
        try
        {
            var result = await ExecuteAsync(state, execution, cancellationToken);
            post(new ActivityEnded(timeProvider.GetUtcNow(), executionId, execution.Attempt, result));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A fault seen while stopping is most likely the stop itself (a child process that was ended); a real one comes back.
            post(new ActivityFailed(timeProvider.GetUtcNow(), executionId, execution.Attempt, Failures.Of(e, IsExpected(e))));
        }
        catch (Exception)
        {
            notify(new ProgressReported(state.Instance.Id, executionId, execution.Node.Id, "stopped", Fraction: null));
        }
    }

    private async Task<ActivityResult> ExecuteAsync(WorkflowState state, ExecutionState execution, CancellationToken cancellationToken)
    {
        var node = execution.Node;
        await using var services = scopes.CreateAsyncScope();
        var activity = machine.Registry.Create(node, services.ServiceProvider);
        var scope = new VariableScope(state, execution.Id);
        var host = new Host(services.ServiceProvider, timeProvider, post, notify);
        var context = new ActivityExecutionContext(host, WithSecrets(execution, scope), scope, node.Id, cancellationToken);

        await (execution.ResumedWith is null ? activity.ExecuteAsync(context) : activity.ResumeAsync(context));
        if (activity is CodeActivity && !context.HasBookmarks)
            await context.CompleteActivityAsync();

        if (!context.HasEnded && !context.HasBookmarks)
            throw new ActivityNeverEndsException(node.Type);

        return context.Result();
    }

    /// <summary>Sensitive inputs are in no transaction: they live as long as the attempt.</summary>
    private ExecutionState WithSecrets(ExecutionState execution, VariableScope scope)
    {
        var node = execution.Node;
        var secrets = machine.Registry.Find(node.Type)!.Inputs
            .Where(input => input.Attribute.IsSensitive)
            .Select(input => (Name: input.PropertyName, Expression: node.FindInput(input.PropertyName) ?? input.Default))
            .Where(input => input.Expression is not null)
            .Select(input => KeyValuePair.Create(input.Name, machine.Evaluator.Evaluate(input.Expression!, input.Name, scope).Value));
        return execution with { Inputs = execution.Inputs.SetItems(secrets) };
    }

    /// <summary>Exceptions of ours are made for people; of others the stack trace is kept too.</summary>
    private static bool IsExpected(Exception exception) =>
        exception is WorkflowException || exception.GetType().Namespace?.StartsWith(nameof(VmCluster), StringComparison.Ordinal) == true;

    private sealed record Host(IServiceProvider Services, TimeProvider TimeProvider, Action<WorkflowEvent> Posting, Action<RunNotification> Notifying) : IActivityHost
    {
        public void Post(WorkflowEvent happened) => Posting(happened);

        public void Notify(RunNotification notification) => Notifying(notification);
    }
}

/// <summary>An activity's code has ended, but neither completed it nor made a bookmark to wait for.</summary>
public sealed class ActivityNeverEndsException(string typeName)
    : WorkflowException($"Activity '{typeName}' ended without completing and waits for nothing. Call CompleteActivityAsync or CreateBookmark in it.");
