namespace VmCluster.Benchmarks;

/// <summary>How long <c>status</c> of six running nodes takes, the start of the process included.</summary>
public static class StatusBenchmark
{
    private const int Times = 11;

    public static async Task RunAsync()
    {
        var home = Measurements.NewHome();
        try
        {
            await Measurements.TimeAsync(home, "up", "six", "--nodes", "6", "--memory", "384");
            var bare = await Measurements.MedianAsync(Times, () => Measurements.TimeAsync(home, "--version"));
            var status = await Measurements.MedianAsync(Times, () => Measurements.TimeAsync(home, "status", "six"));
            Console.WriteLine($"status of 6 nodes {status.TotalSeconds:0.00} s (target <= 0.3 s); the program's start alone ('--version') {bare.TotalSeconds:0.00} s; ratio {status / bare:0.0} (medians of {Times})");
        }
        finally
        {
            await Measurements.TimeAsync(home, "destroy", "six", "--yes");
            Measurements.Delete(home);
        }
    }
}
