namespace VmCluster.Workflows.Execution;

/// <summary>There is no run of that id.</summary>
public sealed class RunNotFoundException(string instanceId)
    : WorkflowException($"There is no run '{instanceId}'. List the runs to see which there are.");

/// <summary>What is asked for needs a run that has not ended.</summary>
public sealed class RunFinishedException(string instanceId, WorkflowSubStatus subStatus)
    : WorkflowException($"Run {instanceId} has ended ({subStatus}) and cannot go on. Start a new one.");

/// <summary>The beginning of an id fits several runs.</summary>
public sealed class AmbiguousRunException(string prefix, IEnumerable<string> candidates)
    : WorkflowException($"'{prefix}' is the beginning of several runs: {string.Join(", ", candidates)}. Give more of the id.");
