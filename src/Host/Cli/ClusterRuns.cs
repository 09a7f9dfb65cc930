using System.Text.Json;
using VmCluster.Activities.Clusters;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

/// <summary>The runs that build, extend and remove clusters. A run belongs to a cluster by its correlation id, and to a command by its name.</summary>
internal sealed class ClusterRuns(Session session)
{
    /// <summary>The run of a cluster that has not finished; null where there is none.</summary>
    public async Task<WorkflowInstance?> FindUnfinishedAsync(string cluster, CancellationToken cancellationToken) =>
        (await session.Runs.ListAsync(cluster, WorkflowStatus.Running, take: 1, cancellationToken)) is [var run, ..] ? run : null;

    /// <summary>Whether a run was started by this command for its cluster.</summary>
    public static bool IsOf(WorkflowInstance run, string verb) => run.Name == $"{verb} {run.CorrelationId}";

    public async Task<WorkflowInstance> StartAsync(string verb, string cluster, string workflow, Dictionary<string, JsonElement> inputs, CancellationToken cancellationToken)
    {
        var definition = await new WorkflowLibrary(session).GetAsync(workflow, cancellationToken);
        inputs["ClusterName"] = JsonSerializer.SerializeToElement(cluster);
        var options = new StartOptions { Input = inputs, CorrelationId = cluster, Name = $"{verb} {cluster}", StartedBy = Environment.UserName };
        return await new RunFollower(session, printLines: false).StartAsync(definition, options);
    }

    /// <summary>Goes on with an unfinished run and says so.</summary>
    public async Task<WorkflowInstance> ContinueAsync(WorkflowInstance run, CancellationToken cancellationToken)
    {
        var follower = new RunFollower(session, printLines: false);
        session.Say($"Continuing run {run.Id} at: {await follower.StandingAsync(run, cancellationToken)}");
        return await follower.ContinueAsync(run);
    }

    /// <summary>Ends a run that its preflight refused: it has made nothing, so there is nothing to continue. Returns whether it was so.</summary>
    public async Task<bool> EndIfRefusedAsync(WorkflowInstance run)
    {
        var refusal = RunReport.OpenIncidents(run).FirstOrDefault(incident => incident.ExceptionType.EndsWith(nameof(PreflightException), StringComparison.Ordinal));
        if (refusal is null)
            return false;
        await session.Runtime.CancelAsync(run.Id, Environment.UserName);
        session.Say($"\n{session.ErrorStyle.Red("Refused:")} {refusal.Message}\nNothing was made.");
        return true;
    }

    public ClusterConflictException Conflict(WorkflowInstance run) => new(
        $"Run {run.Id} ({run.Name ?? run.DefinitionId}) of cluster '{run.CorrelationId}' has not finished",
        $"'{session.Outside.Program} resume {run.Id}' continues it, '{session.Outside.Program} cancel {run.Id}' gives it up.");
}
