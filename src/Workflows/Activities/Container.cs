using System.Diagnostics;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities;

/// <summary>An activity that runs others. It lives inside the state machine: it decides, and touches nothing else.</summary>
public abstract class Container : Activity
{
    protected internal sealed override ValueTask ExecuteAsync(ActivityExecutionContext context) =>
        throw new UnreachableException("A container is run by the state machine.");

    internal abstract void OnStarted(ContainerContext context);

    internal abstract void OnChildCompleted(ContainerContext context, EndedChild child);

    internal virtual void OnChildCanceled(ContainerContext context, EndedChild child)
    {
    }
}
