using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities;

/// <summary>Runs its children one after the other.</summary>
[Activity("Elsa", "Workflows", "Runs activities one after the other.")]
public sealed class Sequence : Container
{
    internal override void OnStarted(ContainerContext context) => RunNext(context, 0);

    internal override void OnChildCompleted(ContainerContext context, EndedChild child) => RunNext(context, context.GetMemory<int>() + 1);

    private static void RunNext(ContainerContext context, int index)
    {
        if (index >= context.Node.Activities.Count)
        {
            context.Complete();
            return;
        }

        context.SetMemory(index);
        context.Schedule(context.Node.Activities[index]);
    }
}
