namespace VmCluster.Workflows.Expressions;

/// <summary>
/// Tells whether a script, on this thread, holds on to too much memory. What it allocates is cheap to know and mostly
/// garbage at once; only when that adds up is it counted what is left of it.
/// </summary>
internal sealed class MemoryWatch
{
    public const int LimitMiB = 256;

    private const long Limit = (long)LimitMiB << 20;

    private readonly long _heldBefore = GC.GetTotalMemory(forceFullCollection: false);
    private long _nextCount = GC.GetAllocatedBytesForCurrentThread() + Limit;

    public bool IsExceeded
    {
        get
        {
            if (GC.GetAllocatedBytesForCurrentThread() < _nextCount)
                return false;

            _nextCount = GC.GetAllocatedBytesForCurrentThread() + Limit;
            return GC.GetTotalMemory(forceFullCollection: true) - _heldBefore > Limit;
        }
    }
}
