namespace VmCluster.Workflows.Tests.Support;

/// <summary>Does not listen when it is told to stop.</summary>
[Activity("Test", "Test", "Works on.")]
public sealed class DeafWork(Workshop workshop) : CodeActivity
{
    protected internal override async ValueTask ExecuteAsync(ActivityExecutionContext context) => await workshop.DoAsync(Id, CancellationToken.None);
}

[Activity("Test", "Test", "Throws what nobody expects.")]
public sealed class Bug : CodeActivity
{
    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context) => throw new InvalidOperationException("Object reference missing");
}

[Activity("Test", "Test", "Neither completes nor waits.")]
public sealed class Idle : Activity
{
    protected internal override ValueTask ExecuteAsync(ActivityExecutionContext context) => ValueTask.CompletedTask;
}
