
namespace VmCluster.Workflows.Activities;

/// <summary>Gives a variable a value.</summary>
[Activity("Elsa", "Primitives", "Gives a variable a value.", DisplayName = "Set variable")]
public sealed class SetVariable : CodeActivity
{
    [Input(Description = "The variable.", UIHint = InputUIHints.VariablePicker)]
    public Variable? Variable { get; set; }

    [Input(Description = "Its new value.", UIHint = InputUIHints.SingleLine)]
    public Input<object> Value { get; set; } = new();

    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Variable?.Id is { } id)
            context.SetVariableById(id, Value.Get(context));

        return ValueTask.CompletedTask;
    }
}
