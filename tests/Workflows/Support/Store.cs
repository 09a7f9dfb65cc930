using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Tests.Support;

/// <summary>The rows that changes leave, as a database would have them: it refuses to add what is there and to change what is not.</summary>
internal sealed class Store
{
    private static readonly string[] Standings = ["Started", "Resumed", "Restarted", "Retried", "Suspended", "Completed", "Canceled", "Faulted"];

    private readonly Dictionary<string, ExecutionState> _executions = [];
    private readonly Dictionary<string, BookmarkState> _bookmarks = [];
    private readonly Dictionary<VariableKey, VariableState> _variables = [];
    private readonly Dictionary<string, IncidentState> _incidents = [];
    private readonly List<JournalEntry> _journal = [];

    public IReadOnlyList<JournalEntry> Journal => _journal;

    public void Write(ChangeSet changes)
    {
        foreach (var change in changes.Executions.Values)
            Write(_executions, change.Execution.Id, new Change<ExecutionState>(change.Execution, change.IsNew));

        foreach (var (id, change) in changes.Bookmarks)
            Write(_bookmarks, id, change);

        foreach (var (key, change) in changes.Variables)
            Write(_variables, key, change);

        foreach (var (id, change) in changes.Incidents)
            Write(_incidents, id, change);

        _journal.AddRange(changes.Journal);
    }

    /// <summary>What a process that starts now would read is what the state is.</summary>
    public void AssertHolds(WorkflowState state)
    {
        Assert.Equal(Enumerable.Range(0, _journal.Count), _journal.Select(entry => (int)entry.Sequence));
        Assert.Equal(state.NextSequence, _journal.Count);
        AssertSame(state.Bookmarks.Keys, _bookmarks.Keys);
        AssertSame(state.Incidents.Values, _incidents.Values);
        if (state.IsFinished)
            return;

        AssertSame(state.Executions.Values, _executions.Values.Where(execution => execution.Status is ActivityStatus.Pending or ActivityStatus.Running or ActivityStatus.Faulted));
        AssertSame(state.Variables.SelectMany(owner => owner.Value.Select(variable => new VariableKey(owner.Key, variable.Key))), _variables.Keys);
        AssertSame(state.Completed, _executions.Values.Where(execution => execution.Status == ActivityStatus.Completed).Select(execution => execution.Node.NodeId));
        AssertSame(state.OpenIncidents.Select(incident => incident.Incident.ActivityExecutionId), state.Executions.Values.Where(execution => execution.Status == ActivityStatus.Faulted).Select(execution => execution.Id));
    }

    /// <summary>Read alone, the journal tells how each execution stands.</summary>
    public void AssertJournalTells(WorkflowState state)
    {
        foreach (var execution in _executions.Values)
        {
            var told = _journal.LastOrDefault(entry => entry.ActivityExecutionId == execution.Id && Standings.Contains(entry.EventName))?.EventName;
            var expected = execution.Status switch
            {
                ActivityStatus.Completed => ["Completed"],
                ActivityStatus.Faulted => ["Faulted"],
                ActivityStatus.Canceled => new[] { "Canceled", null },
                ActivityStatus.Pending when execution.ResumedWith is not null => ["Suspended"],
                ActivityStatus.Pending => [null],
                _ => ["Started", "Resumed", "Restarted", "Retried", "Suspended"],
            };
            Assert.True(expected.Contains(told) || (state.IsFinished && told != "Completed"), $"{execution.Id} is {execution.Status}, and the journal says {told}.");
        }
    }

    private static void Write<TKey, T>(Dictionary<TKey, T> rows, TKey key, Change<T> change)
        where TKey : notnull
        where T : class
    {
        Assert.Equal(change.IsNew, !rows.ContainsKey(key));
        if (change.Value is { } value)
            rows[key] = value;
        else
            rows.Remove(key);
    }

    private static void AssertSame<T>(IEnumerable<T> expected, IEnumerable<T> actual) => Assert.Equal(expected.ToHashSet(), actual.ToHashSet());
}
