using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities;

/// <summary>Waits for a time. The run may be stopped meanwhile: what is stored is when the time is over.</summary>
[Activity("Elsa", "Scheduling", "Waits for a time.")]
public sealed class Delay : Activity
{
    [Input(Description = "How long to wait, as hours:minutes:seconds.", UIHint = InputUIHints.SingleLine)]
    public Input<TimeSpan> TimeSpan { get; set; } = new();

    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var due = context.TimeProvider.GetUtcNow() + TimeSpan.Get(context);
        context.CreateBookmark(new BookmarkRequest("Elsa.Delay", Payload: new { ResumeAt = due }, Due: due));
        return ValueTask.CompletedTask;
    }
}
