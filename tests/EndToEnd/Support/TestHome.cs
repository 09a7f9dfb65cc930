using System.Globalization;
using VmCluster.Activities;

namespace VmCluster.EndToEnd.Support;

/// <summary>
/// A data folder of a test's own, gone with everything in it when the test ends. Images are shared by all tests and
/// kept between runs, since a test that builds one takes minutes.
/// </summary>
public sealed class TestHome : IDisposable
{
    public TestHome()
    {
        // Short, because sockets below it may not be longer than 107 characters.
        Root = Directory.CreateTempSubdirectory("vmc").FullName;
        Folder = new DataFolder(Root);
        Directory.CreateDirectory(SharedImages);
        Directory.CreateSymbolicLink(Folder.Images, SharedImages);
    }

    public static string SharedImages => Environment.GetEnvironmentVariable("VMCLUSTER_TEST_IMAGES") is { Length: > 0 } images ? images
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "vmcluster-tests", "images");

    public string Root { get; }

    public DataFolder Folder { get; }

    /// <summary>Every live process that was told a path below this folder, by its id.</summary>
    public IReadOnlyDictionary<int, string> Processes(string? containing = null)
    {
        var found = new Dictionary<int, string>();
        foreach (var entry in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(entry), CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId && TextOf($"/proc/{pid}/cmdline")?.Replace('\0', ' ') is { } line
                && line.Contains(Root + "/", StringComparison.Ordinal) && (containing is null || line.Contains(containing, StringComparison.Ordinal)))
                found.Add(pid, line);
        }

        return found;
    }

    /// <summary>The processes that run the VMs of this home. A QEMU that has not gone to the background yet is not counted.</summary>
    public IReadOnlyCollection<int> QemuProcesses()
    {
        var noted = Processes("qemu-system-").Values.Select(PidFile).Select(TextOf).ToHashSet();
        return [.. Processes("qemu-system-").Keys.Where(pid => noted.Contains(pid.ToString(CultureInfo.InvariantCulture) + "\n"))];

        static string PidFile(string commandLine) => commandLine.Split(" -pidfile ").ElementAtOrDefault(1)?.Split(' ')[0] ?? "";
    }

    public void Dispose()
    {
        foreach (var pid in Processes().Keys)
            Signals.Send(pid, Signals.Kill);
        // The link is removed first, so that the shared images stay.
        File.Delete(Folder.Images);
        Directory.Delete(Root, recursive: true);
    }

    private static string? TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // It went while we looked.
        }
    }
}
