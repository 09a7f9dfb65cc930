using System.Text.Json;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Workflows.Tests.Support;

/// <summary>Where a process dies.</summary>
public enum CrashPoint
{
    /// <summary>What has happened is lost, although its effects have been.</summary>
    BeforeCommit,

    /// <summary>What has happened is stored, and nothing of what follows has begun.</summary>
    AfterCommit,
}

/// <summary>A process that starts a run, or continues the one it finds, and dies at its k-th commit: from then on nothing reaches the disk.</summary>
internal sealed class MortalProcess : IAsyncDisposable
{
    private readonly Engine _engine;
    private int _commits;
    private bool _isDead;

    public MortalProcess(TemporaryFolder folder, CrashPoint point, int crashAt)
    {
        _engine = new Engine(folder);
        _engine.Get<ChangeWriter>().Committing = isAfter =>
        {
            _isDead |= isAfter == (point == CrashPoint.AfterCommit) && ++_commits == crashAt;
            if (_isDead)
                throw new IOException("The process was killed.");
        };
    }

    /// <summary>Brings the run of this name to its end, giving it every event that it waits for. Returns null where the process dies before.</summary>
    public async Task<RunOutcome?> LiveAsync(string json, string run)
    {
        try
        {
            if (await _engine.Runs.ListAsync(run) is not [var instance])
            {
                var definition = await _engine.Definitions.ImportAsync(json);
                var id = await _engine.Runtime.StartAsync(definition, new StartOptions { CorrelationId = run });
                return await EndAsync(id);
            }

            var done = await CompletedAsync(instance.Id);
            await _engine.Runtime.RecoverAsync();
            var outcome = await EndAsync(instance.Id);
            Assert.Subset((await CompletedAsync(instance.Id)).ToHashSet(), done.ToHashSet());
            return outcome;
        }
        catch (RunNotStoredException)
        {
            return null;
        }
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task<RunOutcome> EndAsync(string id)
    {
        for (var run = await _engine.Runtime.WaitUntilAtRestAsync(id); run.Status != WorkflowStatus.Finished; run = await _engine.Runtime.WaitUntilAtRestAsync(id))
        {
            var bookmark = Assert.Single(await _engine.Runs.BookmarksAsync(id));
            await _engine.Runtime.PublishEventAsync(bookmark.Payload.GetProperty("EventName").GetString()!, instanceId: id);
        }

        return await RunOutcome.OfAsync(_engine, id);
    }

    /// <summary>What has completed, and in which attempt: a later life must not touch it.</summary>
    private async Task<IEnumerable<string>> CompletedAsync(string id) => (await _engine.Runs.ActivitiesAsync(id))
        .Where(execution => execution.Status == ActivityStatus.Completed)
        .Select(execution => $"{execution.Id} {execution.Attempt} {execution.CompletedAt:O}");
}

/// <summary>What must be the same however often a run was killed.</summary>
internal sealed record RunOutcome(string SubStatus, string Variables, IReadOnlyList<string> Completed, IReadOnlyList<string> Lines)
{
    public static async Task<RunOutcome> OfAsync(Engine engine, string id)
    {
        var run = (await engine.Runs.FindAsync(id))!;
        var executions = await engine.Runs.ActivitiesAsync(id);
        var journal = await engine.Runs.JournalAsync(id);
        Assert.Empty(await engine.Runs.BookmarksAsync(id));
        Assert.Equal(Enumerable.Range(0, journal.Count), journal.Select(entry => (int)entry.Sequence));
        foreach (var execution in executions)
        {
            var rows = journal.Where(entry => entry.ActivityExecutionId == execution.Id).Select(entry => entry.EventName).ToList();
            Assert.Single(rows, name => name == "Started");
            Assert.Single(rows, name => name == "Completed");
            Assert.Equal(execution.Attempt, 1 + rows.Count(name => name is "Restarted"));
        }

        return new RunOutcome(
            run.SubStatus.ToString(),
            JsonSerializer.Serialize(await engine.Runs.VariablesAsync(id)),
            executions.Where(execution => execution.Status == ActivityStatus.Completed).Select(execution => execution.ActivityId).Order(StringComparer.Ordinal).ToList(),
            await engine.LinesAsync(id));
    }

    public bool Equals(RunOutcome? other) =>
        other is not null && (SubStatus, Variables) == (other.SubStatus, other.Variables) && Completed.SequenceEqual(other.Completed) && Lines.SequenceEqual(other.Lines);

    public override int GetHashCode() => HashCode.Combine(SubStatus, Variables);
}
