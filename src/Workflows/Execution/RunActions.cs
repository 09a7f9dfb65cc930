namespace VmCluster.Workflows.Execution;

/// <summary>The verbs of <see cref="WorkflowRuntime"/> by the names that commands and the HTTP API give them.</summary>
public static class RunActions
{
    public const string Pause = "pause";
    public const string Resume = "resume";
    public const string Retry = "retry";
    public const string Skip = "skip";
    public const string Migrate = "migrate";
    public const string Cancel = "cancel";
    public const string Event = "event";

    /// <summary>Those that apply to a run as it is now; <see cref="Event"/> does when one of its bookmarks waits for one.</summary>
    public static IReadOnlyList<string> Of(WorkflowInstance run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Status == WorkflowStatus.Finished)
            return [];

        var isExecuting = run.SubStatus is WorkflowSubStatus.Pending or WorkflowSubStatus.Executing;
        var hasFailed = run.Incidents.Any(incident => !incident.IsResolved);
        return new[]
        {
            (Verb: Pause, Applies: run.Hold == RunHold.None && (isExecuting || !hasFailed)),
            (Verb: Resume, Applies: run.Hold != RunHold.None),
            (Verb: Retry, Applies: hasFailed),
            (Verb: Skip, Applies: hasFailed),
            (Verb: Migrate, Applies: !isExecuting),
            (Verb: Cancel, Applies: true),
        }.Where(action => action.Applies).Select(action => action.Verb).ToList();
    }
}
