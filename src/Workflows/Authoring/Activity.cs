namespace VmCluster.Workflows;

/// <summary>
/// A step of a workflow. It must complete itself (<see cref="ActivityExecutionContext.CompleteActivityAsync"/>) or
/// create a bookmark and wait; <see cref="CodeActivity"/> completes by itself.
/// </summary>
/// <remarks>
/// An activity runs at least once: after a crash it runs again with the same inputs and a higher
/// <see cref="ActivityExecutionContext.Attempt"/>. One that touches the world observes first, acts on the
/// difference, then verifies.
/// </remarks>
public abstract class Activity
{
    /// <summary>The id in the definition.</summary>
    public string Id { get; internal set; } = "";

    /// <summary>The name in the definition, by which expressions call the activity.</summary>
    public string? Name { get; internal set; }

    protected internal abstract ValueTask ExecuteAsync(ActivityExecutionContext context);

    /// <summary>Runs instead of <see cref="ExecuteAsync"/> when a bookmark of this activity is resumed.</summary>
    protected internal virtual ValueTask ResumeAsync(ActivityExecutionContext context) => context.CompleteActivityAsync();
}

/// <summary>An activity that is complete when its code has run, unless it made a bookmark.</summary>
public abstract class CodeActivity : Activity;

/// <summary>A <see cref="CodeActivity"/> with one result.</summary>
public abstract class CodeActivity<T> : CodeActivity
{
    [Output(Description = "The result.")]
    public Output<T> Result { get; set; } = new();
}
