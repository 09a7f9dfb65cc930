using Microsoft.Extensions.DependencyInjection;
using VmCluster.Workflows;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.EndToEnd.Support;

/// <summary>Reads the runs of a data folder while another process works on them.</summary>
public sealed class RunHistory(string database)
{
    private readonly RunStore runs = new ServiceCollection()
        .AddWorkflows(new WorkflowOptions { DatabasePath = database })
        .BuildServiceProvider()
        .GetRequiredService<RunStore>();

    public Task<IReadOnlyList<WorkflowInstance>> RunsAsync() => runs.ListAsync();

    public Task<IReadOnlyList<JournalEntry>> JournalAsync(string runId) => runs.JournalAsync(runId);

    /// <summary>How many executions of an activity type have begun.</summary>
    public async Task<int> StartedAsync(string runId, string activityType)
        => (await runs.ActivitiesAsync(runId)).Count(a => a.ActivityType == activityType);

    /// <summary>Asserts from the journal that no execution has any row of work behind its completion, and none completed twice.</summary>
    public async Task AssertNothingCompletedRanAgainAsync(string runId)
    {
        foreach (var execution in (await runs.JournalAsync(runId)).GroupBy(e => e.ActivityExecutionId))
        {
            var rows = execution.OrderBy(e => e.Sequence).Select(e => e.EventName).ToList();
            Assert.Single(rows, "Completed");
            Assert.Equal("Completed", rows[^1]);
        }
    }
}
