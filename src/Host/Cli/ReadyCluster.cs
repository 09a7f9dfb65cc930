using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

/// <summary>What is printed about a cluster that can be used: the result of its job, its nodes, and how to use it.</summary>
internal static class ReadyCluster
{
    /// <param name="session">The command's session.</param>
    /// <param name="view">The cluster.</param>
    /// <param name="run">The run that has just ended; null where none was needed.</param>
    /// <param name="json">As data.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<int> PrintAsync(Session session, ClusterView view, WorkflowInstance? run, bool json, CancellationToken cancellationToken)
    {
        var name = view.Cluster.Name;
        var result = run is null ? null : await JobResultAsync(session, run.Id, cancellationToken);
        if (json)
        {
            session.WriteJson(new
            {
                Cluster = name,
                view.State,
                Run = run?.Id,
                Result = result,
                Nodes = view.Nodes.Select(node => new { node.Node.Name, node.State, node.Node.Address, node.Node.SshPort }),
            });
            return ExitCode.Ok;
        }

        if (result is not null)
            session.Outside.Out.WriteLine(result);
        if (run is not null)
        {
            var nodes = string.Join(", ", view.Nodes.Select(node => node.Node.Name));
            session.Say($"\n{session.ErrorStyle.Green("✓")} Cluster '{name}' is up: {nodes}. It took {Text.Of(session.Elapsed)}.\n");
        }

        var program = session.Outside.Program;
        RunReport.SayCommands(session,
        [
            ($"{program} ssh {name}", "log in to the front end"),
            ($"{program} exec {name} --all -- hostname", "run a command on every node"),
            ($"{program} status {name}", "see the nodes"),
            ($"{program} destroy {name}", "remove it"),
        ]);
        return ExitCode.Ok;
    }

    private static async Task<string?> JobResultAsync(Session session, string run, CancellationToken cancellationToken)
    {
        var job = (await session.Runs.ActivitiesAsync(run, cancellationToken: cancellationToken)).LastOrDefault(activity => activity is { ActivityType: "VmCluster.RunJob", Status: ActivityStatus.Completed });
        return job is not null && job.Outputs.TryGetValue("Result", out var result) ? result.ToString() : null;
    }
}
