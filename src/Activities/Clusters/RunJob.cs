using VmCluster.Activities.Ssh;
using VmCluster.Workflows;

namespace VmCluster.Activities.Clusters;

[Activity("VmCluster", "VM Cluster", "Runs a command on the front end as a job for the whole cluster. Without one: an MPI job that computes a mean on all nodes, and whose result is checked.", Kind = ActivityKind.Task)]
public sealed class RunJob : ClusterActivity
{
    [Input(DisplayName = "Command", Description = "A shell command for the front end; empty for the shipped job. It may run twice if the computer fails meanwhile.", UIHint = InputUIHints.CodeEditor, Language = "shell", Order = 1)]
    public Input<string?> Command { get; set; } = new();

    [Input(DisplayName = "Time limit", Unit = "s", Description = "Seconds that the job may take.", DefaultValue = 600, Order = 2)]
    public Input<int> TimeoutSeconds { get; set; } = new();

    [Output(DisplayName = "Result", Description = "The result in one line: the last line of the output, or the mean.")]
    public Output<string> Result { get; set; } = new();

    [Output(DisplayName = "Job output", Description = "All that the job printed.")]
    public Output<string> JobOutput { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName)
    {
        var cluster = await GetClusterAsync(context, clusterName);
        var command = Command.Get(context);
        var isShipped = string.IsNullOrWhiteSpace(command);
        context.ReportProgress("running the job");
        var output = await context.GetRequiredService<SshClient>().RunCheckedAsync(
            cluster, cluster.Nodes[0], "the job", isShipped ? MeanJob.Script(cluster) : command!, TimeSpan.FromSeconds(TimeoutSeconds.Get(context)), context.CancellationToken);
        var result = isShipped ? MeanJob.Check(cluster, output) : output.Trim().Split('\n')[^1];
        context.AddExecutionLogEntry("Result", result);
        context.Set(JobOutput, output);
        context.Set(Result, result);
    }
}
