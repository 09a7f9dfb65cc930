namespace VmCluster.Host.Cli;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Error = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int Conflict = 4;
    public const int PreflightRefused = 5;
    public const int Incident = 6;
    public const int Interrupted = 130;

    /// <summary>For <c>--help</c>.</summary>
    public const string Legend =
        """
        Exit codes:
          0    done
          1    unexpected error
          2    wrong usage
          3    no such cluster, node, run or workflow
          4    conflict: another command is at work, or the state does not allow it
          5    refused by the checks before the first step; nothing was made
          6    the run met an incident: retry continues it
          130  interrupted: resume continues the run
        """;
}
