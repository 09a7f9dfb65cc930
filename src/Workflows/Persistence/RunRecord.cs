using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Persistence;

/// <summary>All that is known of a run: it can be shown by this alone, wherever it ran.</summary>
public sealed record RunRecord
{
    public required WorkflowInstance Run { get; init; }

    /// <summary>The version that the run was on last.</summary>
    public required WorkflowDefinition Definition { get; init; }

    /// <summary>In the order of their creation: what an execution runs in comes before it.</summary>
    public required IReadOnlyList<ActivityExecution> Executions { get; init; }

    /// <summary>What the run waits for; a run that has ended waits for nothing.</summary>
    public IReadOnlyList<Bookmark> Bookmarks { get; init; } = [];

    /// <summary>The workflow's variables.</summary>
    public required IReadOnlyList<VariableValue> Variables { get; init; }

    public required IReadOnlyList<JournalEntry> Journal { get; init; }
}
