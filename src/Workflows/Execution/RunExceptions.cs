namespace VmCluster.Workflows.Execution;

/// <summary>There is no run of that id.</summary>
public sealed class RunNotFoundException(string instanceId)
    : WorkflowException($"There is no run '{instanceId}'. List the runs to see which there are.");

/// <summary>What is asked for needs a run that has not ended.</summary>
public sealed class RunFinishedException(string instanceId, WorkflowSubStatus subStatus)
    : WorkflowException($"Run {instanceId} has ended ({subStatus}) and cannot go on. Start a new one.");

/// <summary>Only a failed step can be retried or skipped.</summary>
public sealed class ActivityNotFaultedException(string instanceId, string? executionId)
    : WorkflowException($"Run {instanceId} has no failed step{(executionId is null ? "" : $" '{executionId}'")}, so there is nothing to retry or to skip. Its journal shows where it stands.");

/// <summary>An event is sent to a run that does not wait for it.</summary>
public sealed class EventNotAwaitedException(string instanceId, string eventName)
    : WorkflowException($"Run {instanceId} does not wait for an event '{eventName}'. Its journal shows where it stands.");

/// <summary>Several steps have failed, and what is asked for is meant for one.</summary>
public sealed class AmbiguousStepException(string instanceId, IEnumerable<string> executionIds)
    : WorkflowException($"Run {instanceId} has several failed steps: {string.Join(", ", executionIds)}. Say which one is meant.");

/// <summary>A step is to be skipped with an outcome that it does not have.</summary>
public sealed class UnknownOutcomeException(string outcome, string activityId, IEnumerable<string> outcomes)
    : WorkflowException($"'{outcome}' is no outcome of '{activityId}'. It has: {string.Join(", ", outcomes)}.");

/// <summary>A step is to be retried with an input that it does not have.</summary>
public sealed class UnknownInputException(string input, string activityId, IEnumerable<string> inputs)
    : WorkflowException($"'{activityId}' has no input '{input}'. It has: {string.Join(", ", inputs)}.");

/// <summary>A changed input is stored with the run, and a secret must not be.</summary>
public sealed class SensitiveInputException(string input, string activityId)
    : WorkflowException($"Input '{input}' of '{activityId}' is secret, so it cannot be given with a retry, which is stored. Change it in the definition and move the run to the new version.");

/// <summary>What the run has done does not fit the version that it is to move to.</summary>
public sealed class MigrationRefusedException(string instanceId, int version, IReadOnlyList<string> reasons)
    : WorkflowException($"Run {instanceId} cannot move to version {version}: {string.Join("; ", reasons)}.")
{
    public IReadOnlyList<string> Reasons { get; } = reasons;
}

/// <summary>Runs of another installation cannot be taken in.</summary>
public sealed class RunImportRefusedException(IReadOnlyList<string> reasons)
    : WorkflowException($"Nothing was imported. {string.Join(" ", reasons)}")
{
    /// <summary>A sentence each.</summary>
    public IReadOnlyList<string> Reasons { get; } = reasons;
}

/// <summary>The beginning of an id fits several runs.</summary>
public sealed class AmbiguousRunException(string prefix, IEnumerable<string> candidates)
    : WorkflowException($"'{prefix}' is the beginning of several runs: {string.Join(", ", candidates)}. Give more of the id.");

/// <summary>What happened in a run could not be written to the database.</summary>
public sealed class RunNotStoredException(string instanceId, Exception innerException)
    : WorkflowException($"Run {instanceId} was stopped, because its progress cannot be stored: {innerException.GetBaseException().Message.TrimEnd('.')}. Make room or repair the database, then resume it.", innerException);

/// <summary>This process does not run the run any more, though it has not ended.</summary>
public sealed class RunStoppedException(string instanceId, Exception? innerException = null)
    : WorkflowException($"Run {instanceId} is not under way here any more: {(innerException is null ? "the engine has been shut down" : $"the engine met an error of its own ({innerException.Message})")}. Resume it to continue.", innerException);
