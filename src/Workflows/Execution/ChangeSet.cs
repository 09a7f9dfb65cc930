namespace VmCluster.Workflows.Execution;

/// <summary>What a transition, or several in a row, changed: the rows to be written in one transaction.</summary>
internal sealed class ChangeSet
{
    public required WorkflowState State { get; set; }

    public bool IsNewInstance { get; set; }

    /// <summary>The inputs of the run are written only where they changed, because they may be large.</summary>
    public bool RunInputsChanged { get; set; }

    public Dictionary<string, ExecutionChange> Executions { get; } = [];

    /// <summary>A null value removes the bookmark.</summary>
    public Dictionary<string, Change<BookmarkState>> Bookmarks { get; } = [];

    public Dictionary<VariableKey, Change<VariableState>> Variables { get; } = [];

    public Dictionary<string, Change<IncidentState>> Incidents { get; } = [];

    public List<JournalEntry> Journal { get; } = [];

    public bool IsEmpty => !IsNewInstance && Executions.Count + Bookmarks.Count + Variables.Count + Incidents.Count + Journal.Count == 0;

    public void Set(ExecutionState execution, bool isNew = false, bool inputsChanged = false)
    {
        Executions.TryGetValue(execution.Id, out var before);
        Executions[execution.Id] = new ExecutionChange(execution, isNew || before is { IsNew: true }, inputsChanged || before is { InputsChanged: true });
    }

    /// <summary>Adds what a later transition changed.</summary>
    public void Merge(ChangeSet later)
    {
        State = later.State;
        RunInputsChanged |= later.RunInputsChanged;
        foreach (var change in later.Executions.Values)
            Set(change.Execution, change.IsNew, change.InputsChanged);

        Merge(Bookmarks, later.Bookmarks);
        Merge(Variables, later.Variables);
        Merge(Incidents, later.Incidents);
        Journal.AddRange(later.Journal);
    }

    public static void Set<TKey, T>(Dictionary<TKey, Change<T>> changes, TKey key, T? value, bool existed)
        where TKey : notnull
        where T : class
    {
        var isNew = changes.TryGetValue(key, out var before) ? before.IsNew : !existed;
        if (isNew && value is null)
            changes.Remove(key);
        else
            changes[key] = new Change<T>(value, isNew);
    }

    private static void Merge<TKey, T>(Dictionary<TKey, Change<T>> changes, Dictionary<TKey, Change<T>> later)
        where TKey : notnull
        where T : class
    {
        foreach (var (key, change) in later)
            Set(changes, key, change.Value, existed: !change.IsNew);
    }
}

/// <summary>A row that is to be inserted, updated, or, where there is no value, deleted.</summary>
internal readonly record struct Change<T>(T? Value, bool IsNew)
    where T : class;

/// <summary>An execution's row; its inputs are written only where they changed, because they may be large.</summary>
internal sealed record ExecutionChange(ExecutionState Execution, bool IsNew, bool InputsChanged);
