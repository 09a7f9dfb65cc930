namespace VmCluster.Workflows.Activities.Flowcharts;

/// <summary>Takes the outcome True or False, by a condition.</summary>
[Activity("Elsa", "Branching", "Takes one of two ways, by a condition.", DisplayName = "Decision")]
[FlowNode("True", "False")]
public sealed class FlowDecision : Activity
{
    [Input(Description = "The condition.", UIHint = InputUIHints.SingleLine)]
    public Input<bool> Condition { get; set; } = new();

    [Output(Description = "What the condition was.")]
    public Output<bool> Result { get; set; } = new();

    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        var condition = Condition.Get(context);
        Result.Set(context, condition);
        return context.CompleteActivityWithOutcomesAsync(condition ? "True" : "False");
    }
}
