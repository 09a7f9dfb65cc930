using System.ComponentModel;
using System.Diagnostics;

namespace VmCluster.EndToEnd.Studio;

/// <summary>A test in a real browser; skipped, with the reason, where there is none or Studio cannot be had.</summary>
public sealed class StudioFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> WhyNot = new(FindWhyNot);

    public StudioFactAttribute() => Skip = WhyNot.Value;

    private static string? FindWhyNot()
    {
        if (Chromium.Path is null)
            return "Chromium is not installed (Debian: apt-get install chromium).";
        var isRestored = Directory.Exists(Cache) && Directory.EnumerateDirectories(Cache, "studio-*").Any();
        return isRestored || CanReachNpm() ? null : "Elsa Studio was never restored, and npm cannot reach its registry.";
    }

    private static string Cache => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "vmcluster");

    private static bool CanReachNpm()
    {
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ping", "--fetch-retries=0"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            return npm.WaitForExit(TimeSpan.FromSeconds(20)) && npm.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // There is no npm.
        }
    }
}
