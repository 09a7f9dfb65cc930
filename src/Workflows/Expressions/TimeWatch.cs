namespace VmCluster.Workflows.Expressions;

/// <summary>
/// Tells whether a script takes too long: by the clock, and in time of the processors that this process was given,
/// so that a script does not fail for a computer that emulated VMs keep busy.
/// </summary>
internal sealed class TimeWatch(TimeProvider timeProvider)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly long _begin = timeProvider.GetTimestamp();
    private readonly TimeSpan _usedBefore = Environment.CpuUsage.TotalTime;

    public bool IsExceeded => timeProvider.GetElapsedTime(_begin) > Limit && Environment.CpuUsage.TotalTime - _usedBefore > Limit;
}
