using System.Text.Json;
using System.Text.Json.Nodes;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Tests.Support;

/// <summary>Compares a run with a record. Where branches interleave, rows are compared as multisets and by what must come before what.</summary>
internal sealed class GoldenComparison(Engine engine, string instanceId, JsonObject expected, bool orderMatters, IReadOnlySet<string> optional, IReadOnlySet<string> events)
{
    public async Task AssertAsync()
    {
        var instance = await engine.Runs.FindAsync(instanceId);
        var activities = await engine.Runs.ActivitiesAsync(instanceId);
        var journal = (await engine.Runs.JournalAsync(instanceId)).Where(entry => events.Contains(entry.EventName)).ToList();

        Assert.Equal((string)expected["status"]!, instance!.Status.ToString());
        Assert.Equal((string)expected["subStatus"]!, instance.SubStatus.ToString());
        Assert.Equal((string?)expected["correlationId"], instance.CorrelationId);
        AssertSame(expected["output"]!, instance.Output);
        AssertSame(expected["variables"]!, (await engine.Runs.VariablesAsync(instanceId)).ToDictionary(variable => variable.Name, variable => variable.Value));
        AssertIncidents(instance);
        AssertJournal(journal, activities);
        AssertRecords(activities);
        if (!orderMatters)
            AssertBefore(journal);
    }

    private static void AssertSame(JsonNode expectedValues, IReadOnlyDictionary<string, JsonElement> actual)
    {
        Assert.Equal(expectedValues.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, value) in expectedValues.AsObject())
            Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(value), actual[name]), $"{name} is {actual[name].GetRawText()}, not {value?.ToJsonString() ?? "null"}.");
    }

    private static void AssertBalanced(IReadOnlyList<JournalEntry> journal)
    {
        foreach (var rows in journal.GroupBy(entry => entry.ActivityExecutionId))
            Assert.Equal("Started", rows.First().EventName);

        var started = new HashSet<string>();
        foreach (var entry in journal)
        {
            if (entry.ParentActivityExecutionId is { } parent)
                Assert.Contains(parent, started);

            started.Add(entry.ActivityExecutionId);
        }
    }

    private void AssertIncidents(WorkflowInstance instance)
    {
        var expectedIncidents = expected["incidents"]!.AsArray().Select(incident => $"{incident!["activityId"]}: {incident["message"]}");
        var actual = instance.Incidents.Select(incident => $"{incident.ActivityId}: {incident.Message}");
        if (orderMatters)
            Assert.Equal(expectedIncidents, actual);
        else
            Assert.Equal(expectedIncidents.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    private void AssertJournal(List<JournalEntry> journal, IReadOnlyList<ActivityExecution> activities)
    {
        var executions = activities.ToDictionary(activity => activity.Id);
        var lines = new Queue<string>(expected["console"]!.AsArray().Select(line => (string)line!));
        var expectedRows = expected["journal"]!.AsArray()
            .Select(row => (Activity: (string)row!["activityId"]!, Text: DescribeExpected(row)))
            .ToList();
        var actualRows = journal
            .Select(entry => (Activity: entry.ActivityId, Text: Describe(entry, executions[entry.ActivityExecutionId])))
            .ToList();

        if (orderMatters)
        {
            Assert.Equal(Required(expectedRows), Required(actualRows));
        }
        else
        {
            Assert.Equal(Required(expectedRows).Order(StringComparer.Ordinal), Required(actualRows).Order(StringComparer.Ordinal));
            AssertBalanced(journal);
        }

        string DescribeExpected(JsonNode row)
        {
            var writes = (string)row["event"]! == "Completed" && activities.Any(activity => activity.ActivityId == (string)row["activityId"]! && activity.ActivityType == "Elsa.WriteLine");
            return $"{row["event"]} {row["activityId"]} {row["message"]} [{string.Join(',', row["outcomes"]?.AsArray().Select(outcome => (string)outcome!) ?? [])}] {(writes ? lines.Dequeue() : "")}";
        }
    }

    private static string Describe(JournalEntry entry, ActivityExecution execution)
    {
        var isCompleted = entry.EventName == "Completed";
        var line = isCompleted && entry.ActivityType == "Elsa.WriteLine" ? entry.Payload!.Value.GetProperty("Text").GetString() : "";
        return $"{entry.EventName} {entry.ActivityId} {entry.Message} [{(isCompleted ? string.Join(',', execution.Outcomes ?? []) : "")}] {line}";
    }

    private IEnumerable<string> Required(IEnumerable<(string Activity, string Text)> rows) => rows.Where(row => !optional.Contains(row.Activity)).Select(row => row.Text);

    private void AssertRecords(IReadOnlyList<ActivityExecution> activities)
    {
        var expectedRecords = expected["records"]!.AsArray().Where(record => !optional.Contains((string)record!["activityId"]!)).Select(record => $"{record!["activityId"]} {record["status"]}");
        var actual = activities.Where(activity => activity.Status != ActivityStatus.Completed && !optional.Contains(activity.ActivityId)).Select(activity => $"{activity.ActivityId} {activity.Status}");
        Assert.Equal(expectedRecords.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    private void AssertBefore(List<JournalEntry> journal)
    {
        foreach (var pair in expected["before"]?.AsArray() ?? [])
        {
            var (first, second) = ((string)pair![0]!, (string)pair[1]!);
            var (completed, started) = (0, 0);
            foreach (var entry in journal)
            {
                if (entry.ActivityId == first && entry.EventName == "Completed")
                    completed++;
                else if (entry.ActivityId == second && entry.EventName == "Started")
                    started++;

                Assert.True(completed >= started || optional.Contains(first), $"{second} started before {first} had completed.");
            }
        }
    }
}
