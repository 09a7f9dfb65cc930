using VmCluster.Workflows;

namespace VmCluster.Activities;

/// <summary>
/// The base of what the steps report. <see cref="Exception.Message"/> is one line: what failed, on which node, the
/// command with exit code and last output where there is one; <see cref="Remedy"/> says what to do.
/// </summary>
public abstract class VmClusterException(string what, string remedy, Exception? innerException = null)
    : WorkflowException($"{what.TrimEnd('.')}. {remedy}", innerException)
{
    /// <summary>The message without the remedy.</summary>
    public string What { get; } = what;

    public string Remedy { get; } = remedy;
}
