using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Ssh;

/// <summary>A command on a node ended with another exit code than 0, or SSH itself failed (exit code 255).</summary>
public sealed class NodeCommandException(string cluster, string node, string what, CommandResult result)
    : VmClusterException(
        $"On node '{node}' of cluster '{cluster}', {what} ended with exit code {result.ExitCode}: {LastLines(result)}",
        result.ExitCode == 255 ? $"Look whether the node runs and answers ('vmcluster status {cluster}'), then retry the step." : "Correct the cause and retry the step.")
{
    public CommandResult Result { get; } = result;

    private static string LastLines(CommandResult result)
    {
        var lines = $"{result.Output}\n{result.Error}".Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "it printed nothing" : string.Join(" | ", lines.TakeLast(3));
    }
}

/// <summary>A node took longer than its time limit until it could be used.</summary>
public sealed class NodeNotReadyException(string cluster, string node, TimeSpan limit, string state, string console)
    : VmClusterException(
        $"Node '{node}' of cluster '{cluster}' was not ready within {limit.TotalSeconds:0} s: {state}. The end of its console: {console}",
        "If it only boots slowly, retry the step with a larger 'Ready within'; else read its console log.");

/// <summary>The VM ended while its node was waited for.</summary>
public sealed class NodeDiedException(string cluster, string node, string state, string console)
    : VmClusterException(
        $"The VM of node '{node}' of cluster '{cluster}' is {state} although it was started. The end of its console: {console}",
        "Retry the step to start it again.");
