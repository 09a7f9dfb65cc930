using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities;

/// <summary>Runs its children one after the other.</summary>
[Activity("Elsa", "Workflows", "Runs activities one after the other.")]
public sealed class Sequence : Container
{
    internal override void OnStarted(ContainerContext context) => RunNext(context, 0);

    internal override void OnChildCompleted(ContainerContext context, EndedChild child) => RunNext(context, IndexOf(context.Node, child.Node.Id) + 1);

    /// <inheritdoc/>
    internal override IEnumerable<string> OnMigrated(ContainerContext context, ActivityNode before)
    {
        if (context.LiveChildren is not [var current])
            return [];

        var (was, now) = (IndexOf(before, current.Node.Id), IndexOf(context.Node, current.Node.Id));
        return before.Activities.Take(was)
            .Where(earlier => IndexOf(context.Node, earlier.Id) > now)
            .Select(earlier => $"'{earlier.Id}' has run, and would run again behind '{current.Node.Id}'");
    }

    private static int IndexOf(ActivityNode sequence, string id) => sequence.Activities.TakeWhile(activity => activity.Id != id).Count();

    private static void RunNext(ContainerContext context, int index)
    {
        if (index < context.Node.Activities.Count)
            context.Schedule(context.Node.Activities[index]);
        else
            context.Complete();
    }
}
