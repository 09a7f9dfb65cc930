namespace VmCluster.Benchmarks;

/// <summary>
/// <c>up</c> of three nodes against a plain shell script that does the same work in parallel with nothing in charge.
/// They take turns, so that a busy moment of the computer meets both.
/// </summary>
public static class UpBenchmark
{
    private const int Rounds = 3;

    public static async Task RunAsync()
    {
        var home = Measurements.NewHome();
        // The script boots the image that 'up' has cached; the first round is not counted.
        await UpAsync(home);
        var script = Path.Combine(AppContext.BaseDirectory, "up.sh");
        var ups = new List<TimeSpan>();
        var scripts = new List<TimeSpan>();
        for (var round = 0; round < Rounds; round++)
        {
            scripts.Add(await Measurements.TimeAsync(script, home));
            ups.Add(await UpAsync(home));
            Console.WriteLine($"round {round + 1}: script {scripts[^1].TotalSeconds:0.0} s, up {ups[^1].TotalSeconds:0.0} s");
        }

        var ratio = Median(ups) / Median(scripts);
        Console.WriteLine($"up {Median(ups).TotalSeconds:0.0} s, shell script {Median(scripts).TotalSeconds:0.0} s; ratio {ratio:0.00} (medians of {Rounds}, target <= 1.03)");
        Measurements.Delete(home);
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task<TimeSpan> UpAsync(Activities.DataFolder home)
    {
        var elapsed = await Measurements.TimeAsync(home, "up", "bench");
        await Measurements.TimeAsync(home, "destroy", "bench", "--yes");
        return elapsed;
    }
}
