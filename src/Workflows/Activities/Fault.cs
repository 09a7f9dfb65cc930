namespace VmCluster.Workflows.Activities;

/// <summary>Faults on purpose.</summary>
[Activity("Elsa", "Primitives", "Faults.")]
public sealed class Fault : CodeActivity
{
    [Input(Description = "A code for programs.", UIHint = InputUIHints.SingleLine)]
    public Input<string> Code { get; set; } = new();

    [Input(Description = "A group for programs.", UIHint = InputUIHints.SingleLine)]
    public Input<string> Category { get; set; } = new();

    [Input(Description = "System, Business or another kind.", UIHint = InputUIHints.SingleLine)]
    public Input<string> FaultType { get; set; } = new();

    [Input(Description = "What went wrong.", UIHint = InputUIHints.MultiLine)]
    public Input<string> Message { get; set; } = new();

    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context) =>
        throw new FaultException(Code.Get(context), Category.Get(context), FaultType.Get(context), Message.Get(context));
}

/// <summary>The fault of a <see cref="Fault"/> activity.</summary>
public sealed class FaultException(string? code, string? category, string? faultType, string? message) : WorkflowException(message ?? "The workflow faulted on purpose.")
{
    public string? Code { get; } = code;

    public string? Category { get; } = category;

    public string? FaultType { get; } = faultType;
}
