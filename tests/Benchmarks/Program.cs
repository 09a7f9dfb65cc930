using System.Globalization;
using VmCluster.Benchmarks;

// Each benchmark prints figures of one run as ratios against something named in that same run.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

var benchmarks = new Dictionary<string, Func<Task>>
{
    ["api"] = ApiBenchmark.RunAsync,
    ["engine"] = EngineBenchmark.RunAsync,
    ["resume"] = ResumeBenchmark.RunAsync,
    ["status"] = StatusBenchmark.RunAsync,
    ["up"] = UpBenchmark.RunAsync,
};

var chosen = args.Length == 0 ? benchmarks.Keys.ToArray() : args;
if (chosen.FirstOrDefault(name => !benchmarks.ContainsKey(name)) is { } unknown)
{
    await Console.Error.WriteLineAsync($"There is no benchmark '{unknown}'; there are: {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}

foreach (var name in chosen)
{
    Console.WriteLine($"== {name} ==");
    await benchmarks[name]();
}

return 0;
