using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities;

/// <summary>Waits for an event by name. The event's payload is its result.</summary>
[Activity("Elsa", "Primitives", "Waits for an event.", Kind = ActivityKind.Trigger)]
public sealed class Event : Activity
{
    internal const string BookmarkName = "Elsa.Event";

    [Input(Description = "The event to wait for.", UIHint = InputUIHints.SingleLine)]
    public Input<string> EventName { get; set; } = new();

    [Output(Description = "What came with the event.")]
    public Output<object> Result { get; set; } = new();

    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var name = EventName.Get(context) ?? "";
        context.CreateBookmark(new BookmarkRequest(BookmarkName, Key: name, Payload: new { EventName = name }));
        return ValueTask.CompletedTask;
    }

    protected internal override ValueTask ResumeAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Result.Set(context, context.ResumedWith);
        return context.CompleteActivityAsync();
    }
}
