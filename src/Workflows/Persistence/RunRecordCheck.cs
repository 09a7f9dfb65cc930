using System.Text.RegularExpressions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Persistence;

/// <summary>Whether a record from elsewhere can be kept here: it has ended, and it does not contradict itself.</summary>
internal static partial class RunRecordCheck
{
    /// <summary>A sentence for each reason against it.</summary>
    public static IEnumerable<string> ProblemsOf(RunRecord record)
    {
        var run = record.Run;
        if (!RunId().IsMatch(run.Id))
            yield return "A file's run has an id that no run can have; export the run again where it is.";
        else if (run is not { Status: WorkflowStatus.Finished, SubStatus: WorkflowSubStatus.Finished or WorkflowSubStatus.Cancelled or WorkflowSubStatus.Faulted, FinishedAt: not null })
            yield return $"Run {run.Id} had not ended when it was exported ({run.SubStatus}), and its machines are not here; let it finish or cancel it where it is, then export it again.";
        else if (Contradiction(record) is { } contradiction)
            yield return $"The file of run {run.Id} contradicts itself: {contradiction}; export the run again where it is.";
    }

    private static string? Contradiction(RunRecord record)
    {
        var (run, definition) = (record.Run, record.Definition);
        if (definition.Id != run.DefinitionVersionId || definition.DefinitionId != run.DefinitionId || definition.Version != run.Version)
            return $"its workflow is not version {run.Version} of '{run.DefinitionId}', on which the run was";

        // Ids of executions begin with that of their run, so no other run can have them.
        var known = new HashSet<string>();
        foreach (var execution in record.Executions)
        {
            if (execution.InstanceId != run.Id || !execution.Id.StartsWith($"{run.Id}-", StringComparison.Ordinal))
                return $"step '{execution.Id}' is not of this run";
            if (execution.ParentId is null ? known.Count > 0 : !known.Contains(execution.ParentId))
                return $"step '{execution.Id}' is in none that came before it";
            if (!known.Add(execution.Id))
                return $"step '{execution.Id}' is there twice";
        }

        if (known.Count == 0)
            return "it has no steps";
        if (record.Variables.Select(variable => variable.Id).Distinct().Count() < record.Variables.Count)
            return "a variable is there twice";
        return record.Journal.Zip(record.Journal.Skip(1)).Any(pair => pair.First.Sequence >= pair.Second.Sequence) || record.Journal is [{ Sequence: < 0 }, ..]
            ? "its journal is not in order"
            : null;
    }

    /// <summary>Without a hyphen, which divides it from what is its own; and with nothing that an address or a file's name would mind.</summary>
    [GeneratedRegex(@"^[0-9A-Za-z]{1,64}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunId();
}
