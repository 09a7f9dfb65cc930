namespace VmCluster.Host.Cli.Rendering;

/// <summary>One colour per state, the same wherever a state is shown.</summary>
internal static class StatePaint
{
    public static string Of(Style style, string state) => state switch
    {
        "running" or "Finished" or "Completed" => style.Green(state),
        "missing" or "stalled" or "Faulted" => style.Red(state),
        "stopped" or "Cancelled" or "Canceled" => style.Dim(state),
        _ => style.Yellow(state),
    };
}
