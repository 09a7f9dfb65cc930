using System.Threading.Channels;
using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Tests;

/// <summary>What a watcher of a run sees.</summary>
public sealed class ProgressTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public async Task Plain_progress_has_a_line_for_each_thing_that_happens_and_few_for_a_download()
    {
        RunNotification[] notifications =
        [
            Journal(0, "Started", "run", null, "Elsa.Workflow", "workflow"),
            Journal(0, "Started", "chart", "run", "Elsa.Flowchart", "chart"),
            Journal(0, "Started", "x1", "chart", "VmCluster.CreateNode", "createFrontEnd"),
            .. Enumerable.Range(0, 100).Select(percent => new ProgressReported("r", "x1", "createFrontEnd", "downloading", percent / 100.0)),
            Journal(7, "Completed", "x1", "chart", "VmCluster.CreateNode", "createFrontEnd"),
            Journal(7, "Started", "x2", "chart", "Elsa.ParallelForEach", "startNodes"),
            Journal(7, "Started", "x3", "x2", "VmCluster.StartNode", "startNode"),
            Journal(9, "Faulted", "x3", "x2", "VmCluster.StartNode", "startNode", "Node 'node1' did not start"),
        ];

        Assert.Equal(
            """
            03:04:05 run      up demo
            03:04:05 started  Create the front end
            03:04:05 working  Create the front end: downloading 0%
            03:04:05 working  Create the front end: downloading 25%
            03:04:05 working  Create the front end: downloading 50%
            03:04:05 working  Create the front end: downloading 75%
            03:04:05 done     Create the front end (7.0 s)
            03:04:05 started  startNodes
            03:04:05 started  startNodes / startNode
            03:04:05 failed   startNodes / startNode (2.0 s): Node 'node1' did not start

            """.ReplaceLineEndings("\n"),
            (await ShowAsync(notifications)).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void A_run_stands_where_its_deepest_unfinished_steps_are()
    {
        var tree = new RunTree(new Dictionary<string, string>());
        tree.Load(
        [
            Execution("a", null, "Elsa.Flowchart", "chart", ActivityStatus.Running),
            Execution("b", "a", "VmCluster.PlanCluster", "plan", ActivityStatus.Completed),
            Execution("c", "a", "Elsa.ParallelForEach", "startNodes", ActivityStatus.Running),
            Execution("d", "c", "VmCluster.StartNode", "start", ActivityStatus.Running),
            Execution("e", "c", "VmCluster.StartNode", "start", ActivityStatus.Completed),
        ]);
        Assert.Equal(["start"], tree.Standing.Select(step => step.Label));
        Assert.Equal(["plan", "startNodes"], tree.Roots.Select(step => step.Label));
    }

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.96, "10.0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(61, "1 min 01 s")]
    [InlineData(7200, "2 h 00 min")]
    [InlineData(100_000, "1 d 3 h")]
    public void Times_read_as_people_say_them(double seconds, string text)
        => Assert.Equal(text, Text.Of(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void A_table_is_aligned_and_has_no_empty_cells()
    {
        var table = new Table("NAME", "PID");
        table.Add("fe1", "12");
        table.Add("node10", null);
        using var output = new StringWriter();
        table.Write(output, new Style(enabled: false));
        Assert.Equal("NAME    PID\nfe1     12\nnode10  -\n", output.ToString().ReplaceLineEndings("\n"));
    }

    private static async Task<string> ShowAsync(IEnumerable<RunNotification> notifications)
    {
        var channel = Channel.CreateUnbounded<RunNotification>();
        foreach (var notification in notifications)
            channel.Writer.TryWrite(notification);
        channel.Writer.Complete();
        await using var output = new StringWriter();
        var labels = new Dictionary<string, string> { ["createFrontEnd"] = "Create the front end" };
        await new PlainRunView(output, new FixedTime()).ShowAsync("up demo", new RunTree(labels), channel.Reader);
        return output.ToString();
    }

    private static JournalWritten Journal(int second, string name, string execution, string? parent, string type, string activity, string? message = null) => new("r", new JournalEntry
    {
        Sequence = 0,
        Timestamp = Start.AddSeconds(second),
        EventName = name,
        ActivityId = activity,
        ActivityNodeId = activity,
        ActivityType = type,
        ActivityExecutionId = execution,
        ParentActivityExecutionId = parent,
        Message = message,
    });

    private static ActivityExecution Execution(string id, string? parent, string type, string activity, ActivityStatus status) => new()
    {
        Id = id,
        InstanceId = "run",
        ParentId = parent,
        ActivityId = activity,
        ActivityNodeId = activity,
        ActivityType = type,
        Status = status,
        StartedAt = Start,
    };

    private sealed class FixedTime : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Start;
    }
}
