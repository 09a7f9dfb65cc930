namespace VmCluster.Workflows.Activities;

/// <summary>Writes a line of text into the journal: its Completed row has it as <c>Text</c>.</summary>
[Activity("Elsa", "Primitives", "Writes a line of text.", DisplayName = "Write line")]
public sealed class WriteLine : CodeActivity
{
    [Input(Description = "The text.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Text { get; set; } = new();

    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.JournalData["Text"] = Text.Get(context);
        return ValueTask.CompletedTask;
    }
}
