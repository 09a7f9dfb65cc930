using System.Security.Cryptography;
using VmCluster.Activities;
using VmCluster.Activities.Processes;

namespace VmCluster.Host.Studio;

/// <summary>
/// The Elsa Studio package, restored by npm from the lock file beside this program: the lock file's hash decides what
/// is accepted, so the files are the published ones to the byte.
/// </summary>
internal sealed class StudioPackage(ICommandRunner runner, string cache)
{
    private const string Package = "node_modules/@elsa-workflows/elsa-studio-wasm";

    private static string LockFolder => Path.Combine(AppContext.BaseDirectory, "Studio");

    /// <summary>Where packages are kept for all data folders: <c>$XDG_CACHE_HOME/vmcluster</c>, else <c>~/.cache/vmcluster</c>.</summary>
    public static string UserCache()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "vmcluster");
    }

    /// <summary>Differs for each content of the lock file.</summary>
    public static string Version() =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(LockFolder, "package-lock.json"))))[..12];

    /// <summary>The package's folder, restored if this version never was.</summary>
    /// <param name="say">Told when it will take a while.</param>
    /// <param name="cancellationToken">Ends npm.</param>
    /// <exception cref="StudioNotRestoredException">npm is missing or failed.</exception>
    public async Task<string> RestoreAsync(Action<string> say, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(cache, $"studio-{Version()}");
        if (Directory.Exists(folder))
            return Path.Combine(folder, Package);

        say("Getting Elsa Studio from npm; this happens once.");
        var part = $"{folder}.{Guid.NewGuid():N}.part";
        Directory.CreateDirectory(part);
        try
        {
            foreach (var file in new[] { "package.json", "package-lock.json" })
                File.Copy(Path.Combine(LockFolder, file), Path.Combine(part, file));
            await InstallAsync(part, cancellationToken);
            // Renamed when whole: a folder of that name is always complete.
            Directory.Move(part, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another process was faster.
        }
        finally
        {
            if (Directory.Exists(part))
                Directory.Delete(part, recursive: true);
        }

        return Path.Combine(folder, Package);
    }

    private async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        // No package needs a script to be served, so none is run.
        var npm = new Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")
        {
            WorkingDirectory = folder,
            Timeout = TimeSpan.FromMinutes(10),
        };
        try
        {
            await runner.RunCheckedAsync(npm, cancellationToken);
        }
        catch (CommandNotFoundException e)
        {
            throw new StudioNotRestoredException("npm is not installed", "Install Node.js with npm (Debian: apt-get install nodejs npm), then run serve again.", e);
        }
        catch (Exception e) when (e is CommandFailedException or CommandTimeoutException)
        {
            throw new StudioNotRestoredException(e.Message, "It is needed once, with a network; look at what npm says, then run serve again.", e);
        }
    }
}

internal sealed class StudioNotRestoredException(string why, string remedy, Exception innerException)
    : VmClusterException($"Elsa Studio could not be restored: {why}", remedy, innerException);
