using System.Diagnostics;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities;

/// <summary>An activity that runs others. It lives inside the state machine: it decides, and touches nothing else.</summary>
public abstract class Container : Activity
{
    protected internal sealed override ValueTask ExecuteAsync(ActivityExecutionContext context) =>
        throw new UnreachableException("A container is run by the state machine.");

    internal abstract void OnStarted(ContainerContext context);

    internal abstract void OnChildCompleted(ContainerContext context, EndedChild child);

    /// <summary>The run has moved to another version of the definition, in the middle of this container.</summary>
    /// <param name="context">With the new version's node.</param>
    /// <param name="before">The node of the version before.</param>
    /// <returns>Why it cannot go on there; nothing where it can.</returns>
    internal virtual IEnumerable<string> OnMigrated(ContainerContext context, ActivityNode before) => [];

    internal virtual void OnChildCanceled(ContainerContext context, EndedChild child)
    {
    }
}
