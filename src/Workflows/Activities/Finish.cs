namespace VmCluster.Workflows.Activities;

/// <summary>Ends the run at once; what else is running is cancelled.</summary>
[Activity("Elsa", "Primitives", "Ends the workflow.")]
public sealed class Finish : Activity
{
    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.FinishWorkflowAsync();
    }
}
