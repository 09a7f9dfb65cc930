using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Activities;

/// <summary>Runs one of two children, by a condition.</summary>
[Activity("Elsa", "Branching", "Runs one of two activities, by a condition.")]
public sealed class If : Container
{
    [Input(Description = "The condition.", UIHint = InputUIHints.SingleLine)]
    public Input<bool> Condition { get; set; } = new();

    [Port]
    public Activity? Then { get; set; }

    [Port]
    public Activity? Else { get; set; }

    [Output(Description = "What the condition was.")]
    public Output<bool> Result { get; set; } = new();

    internal override void OnStarted(ContainerContext context)
    {
        var condition = context.Get<bool>(nameof(Condition));
        context.SetOutput(nameof(Result), condition);
        context.ScheduleOrComplete(condition ? nameof(Then) : nameof(Else));
    }

    internal override void OnChildCompleted(ContainerContext context, EndedChild child) => context.Complete();
}
