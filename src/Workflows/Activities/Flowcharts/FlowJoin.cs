namespace VmCluster.Workflows.Activities.Flowcharts;

/// <summary>Joins branches of a flowchart. The flowchart itself reads the mode; what is left upstream is cancelled when the join runs.</summary>
[Activity("Elsa", "Branching", "Joins branches of a flowchart.", DisplayName = "Join")]
public sealed class FlowJoin : CodeActivity
{
    internal const string TypeName = "Elsa.FlowJoin";

    [Input(Description = "Which inbound connections to wait for.", UIHint = InputUIHints.DropDown, DefaultValue = FlowJoinMode.WaitAny)]
    public Input<FlowJoinMode> Mode { get; set; } = new();

    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context) => ValueTask.CompletedTask;
}

/// <summary>Which inbound connections a join waits for.</summary>
public enum FlowJoinMode
{
    /// <summary>The first one that is followed; the others are cancelled.</summary>
    WaitAny,

    /// <summary>All, and each must have been followed.</summary>
    WaitAll,

    /// <summary>All that can still be followed.</summary>
    WaitAllActive,
}
