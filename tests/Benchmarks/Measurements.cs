using System.Diagnostics;
using VmCluster.Activities;

namespace VmCluster.Benchmarks;

/// <summary>What the benchmarks of the whole program share.</summary>
internal static class Measurements
{
    // What users run: the launcher with the published program, which is compiled ahead.
    private static readonly string Executable = Path.Combine(Repository(), "vmcluster");

    /// <summary>A data folder of the benchmark's own that shares the user's cached images.</summary>
    public static DataFolder NewHome()
    {
        var folder = new DataFolder(Directory.CreateTempSubdirectory("vmb").FullName);
        var images = DataFolder.FromEnvironment().Images;
        Directory.CreateDirectory(images);
        Directory.CreateSymbolicLink(folder.Images, images);
        return folder;
    }

    public static void Delete(DataFolder home)
    {
        File.Delete(home.Images);
        Directory.Delete(home.Root, recursive: true);
    }

    public static Process Start(DataFolder home, params string[] arguments) => Start(Executable, home, arguments);

    public static Process Start(string program, DataFolder home, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["VMCLUSTER_HOME"] = home.Root;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs to the end and expects success.</summary>
    public static async Task<TimeSpan> TimeAsync(string program, DataFolder home, params string[] arguments)
    {
        var begin = Stopwatch.GetTimestamp();
        using var process = Start(program, home, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        var elapsed = Stopwatch.GetElapsedTime(begin);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return elapsed;
    }

    public static Task<TimeSpan> TimeAsync(DataFolder home, params string[] arguments) => TimeAsync(Executable, home, arguments);

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VmCluster.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmarks are to be run where they were built.");
        return folder.FullName;
    }

    public static async Task<TimeSpan> MedianAsync(int times, Func<Task<TimeSpan>> measure)
    {
        var measured = new List<TimeSpan>();
        for (var i = 0; i < times; i++)
            measured.Add(await measure());
        return measured.Order().ElementAt(times / 2);
    }
}
