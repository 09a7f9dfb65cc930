using System.Security.Cryptography;
using System.Text;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Images;

/// <summary>Builds images by their recipes: shell scripts that make a folder with disk, kernel and initial RAM disk.</summary>
internal sealed class ImageBuilder(ICommandRunner runner)
{
    private const long NeededBytes = 3L << 30;

    private static readonly string[] Tools = ["mmdebstrap", "mke2fs", "cpio", "busybox", "unshare", "qemu-img"];
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromHours(1);
    private static readonly TimeSpan BuildGrace = TimeSpan.FromSeconds(30);

    /// <summary>Changes with the recipe, and only with it.</summary>
    public static string Key(BuiltImage image) =>
        $"{image.Name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Resource.ReadText(image.Entry.Recipe!))))[..16]}";

    public static IEnumerable<HypervisorProblem> Check(BuiltImage image, string cache)
    {
        foreach (var program in Tools.Where(program => Programs.Find(program) is null))
            yield return new HypervisorProblem($"'{program}' is not installed; the image '{image.Name}' is built with it.", Programs.Remedy(program));
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            yield return new HypervisorProblem(
                $"The image '{image.Name}' must be built as root, once.",
                $"Run 'sudo VMCLUSTER_HOME={Path.GetDirectoryName(cache)} vmcluster up' once, or choose another image.");
        }

        if (FreeSpace(cache) < NeededBytes)
        {
            var error = ImageExceptions.NoSpace(image.Name, cache, NeededBytes);
            yield return new HypervisorProblem(error.What, error.Remedy);
        }
    }

    /// <summary>Builds into <paramref name="folder"/>, which appears when the image is complete.</summary>
    /// <exception cref="ImageException">The recipe failed; the message has the end of what it printed and names the log.</exception>
    public async Task BuildAsync(BuiltImage image, string folder, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        var cache = Path.GetDirectoryName(folder)!;
        if (Check(image, cache).FirstOrDefault() is { } problem)
            throw new ImageException(problem.What, problem.Remedy);

        var script = folder + ".sh";
        var logPath = folder + ".log";
        await PrivateFiles.WriteAsync(script, Resource.ReadText(image.Entry.Recipe!), cancellationToken);
        var state = new BuildProgress(image.Name);
        CommandResult result;
        await using (var log = new StreamWriter(logPath, append: false))
        {
            var command = new Command("bash", script, folder, Path.Combine(cache, "packages"))
            {
                Timeout = BuildTimeout,
                Grace = BuildGrace,
                OnOutputLine = line =>
                {
                    log.WriteLine(line);
                    if (state.Read(line) is { } news)
                        progress?.Report(news);
                },
            };
            result = await runner.RunAsync(command, cancellationToken);
        }

        File.Delete(script);
        if (!result.Succeeded)
        {
            var lastLines = CommandFailedException.LastLines(result.Output, result.Error);
            throw new ImageException($"The image '{image.Name}' could not be built (exit code {result.ExitCode}): {lastLines}", $"{logPath} has the whole log; correct the cause and retry the step.");
        }

        File.Delete(logPath);
    }

    private static long FreeSpace(string cache)
    {
        var folder = new DirectoryInfo(cache);
        while (!folder.Exists)
            folder = folder.Parent!;
        return new DriveInfo(folder.FullName).AvailableFreeSpace;
    }
}
