using Microsoft.Playwright;

namespace VmCluster.EndToEnd.Studio;

/// <summary>The system's own browser: Playwright downloads none.</summary>
internal static class Chromium
{
    public static string? Path => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => System.IO.Path.Combine(folder, "chromium"))
        .FirstOrDefault(File.Exists);

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new() { ExecutablePath = Path });
}
