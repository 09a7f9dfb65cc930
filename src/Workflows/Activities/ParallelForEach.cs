using System.Text.Json;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities;

/// <summary>Runs its body for all items at once, and completes after the last one.</summary>
[Activity("Elsa", "Looping", "Runs the body for all items at once.")]
public sealed class ParallelForEach : Container
{
    [Input(Description = "The items to go over.", UIHint = InputUIHints.MultiText)]
    public Input<object> Items { get; set; } = new();

    [Port]
    public Activity? Body { get; set; }

    internal override void OnStarted(ContainerContext context)
    {
        // Any object is accepted, and only a list has items: text that happens to hold JSON has none, as in Elsa.
        var value = context.Get<JsonElement>(nameof(Items));
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0 || !context.Node.Ports.TryGetValue(nameof(Body), out var body))
        {
            context.Complete();
            return;
        }

        context.SetMemory(value.GetArrayLength());
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            context.Schedule(body, ForEach.Iteration(item, index));
            index++;
        }
    }

    internal override void OnChildCompleted(ContainerContext context, EndedChild child) => CountDown(context);

    internal override void OnChildCanceled(ContainerContext context, EndedChild child) => CountDown(context);

    private static void CountDown(ContainerContext context)
    {
        var remaining = context.GetMemory<int>() - 1;
        context.SetMemory(remaining);
        if (remaining == 0)
            context.Complete();
    }
}
