using System.Text.Json;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Activities;

/// <summary>Runs its body once for each item, one after the other.</summary>
[Activity("Elsa", "Looping", "Runs the body once for each item, one after the other.")]
public sealed class ForEach : Container
{
    internal const string CurrentValue = nameof(CurrentValue);
    internal const string CurrentIndex = nameof(CurrentIndex);

    [Input(Description = "The items to go over.", UIHint = InputUIHints.MultiText)]
    public Input<ICollection<object>> Items { get; set; } = new();

    [Port]
    public Activity? Body { get; set; }

    internal static Dictionary<string, JsonElement> Iteration(JsonElement item, int index) => new()
    {
        [CurrentValue] = item,
        [CurrentIndex] = Json.ToElement(index),
    };

    internal override void OnStarted(ContainerContext context) => RunNext(context, 0);

    internal override void OnChildCompleted(ContainerContext context, EndedChild child) => RunNext(context, context.GetMemory<int>() + 1);

    /// <summary>The list itself where it is one: to convert it for every round would make long loops slow.</summary>
    private static JsonElement ItemsOf(ContainerContext context) =>
        context.Get<JsonElement>(nameof(Items)) is { ValueKind: JsonValueKind.Array } list ? list : Json.ToElement(context.Get<List<JsonElement>>(nameof(Items)) ?? []);

    private static void RunNext(ContainerContext context, int index)
    {
        var items = ItemsOf(context);
        if (index >= items.GetArrayLength() || !context.Node.Ports.TryGetValue(nameof(Body), out var body))
        {
            context.Complete();
            return;
        }

        context.SetMemory(index);
        context.Schedule(body, Iteration(items[index], index));
    }
}
