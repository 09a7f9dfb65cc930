using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities;

/// <summary>The workflow itself: it runs its root activity.</summary>
[Activity("Elsa", "Composition", "The workflow itself.")]
public sealed class Workflow : Container
{
    internal override void OnStarted(ContainerContext context) => context.ScheduleOrComplete("root");

    internal override void OnChildCompleted(ContainerContext context, EndedChild child) => context.Complete();
}
