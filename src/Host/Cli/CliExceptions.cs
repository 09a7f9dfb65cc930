using VmCluster.Activities;

namespace VmCluster.Host.Cli;

/// <summary>The base of what commands refuse; it brings its exit code along.</summary>
internal abstract class CliException(int exitCode, string what, string remedy) : VmClusterException(what, remedy)
{
    public int ExitCode { get; } = exitCode;
}

internal sealed class UsageException(string what, string remedy) : CliException(Cli.ExitCode.Usage, what, remedy);

internal sealed class WorkflowNotFoundException(string workflow, IEnumerable<string> known)
    : CliException(Cli.ExitCode.NotFound, $"There is no workflow '{workflow}', nor a file of that name", $"Shipped are: {string.Join(", ", known)}.");

internal sealed class DataFolderBusyException(string folder, string holder)
    : CliException(Cli.ExitCode.Conflict, $"'{folder}' is in use by {holder}", "Wait for it to end, or interrupt it with Ctrl-C; if it is 'serve', use its page. status, list, runs and history work meanwhile.");

/// <summary>What was asked for does not fit what the cluster, or its unfinished run, is now.</summary>
internal sealed class ClusterConflictException(string what, string remedy) : CliException(Cli.ExitCode.Conflict, what, remedy);

/// <summary>What was asked for does not fit what the run is now.</summary>
internal sealed class RunConflictException(string what, string remedy) : CliException(Cli.ExitCode.Conflict, what, remedy);
