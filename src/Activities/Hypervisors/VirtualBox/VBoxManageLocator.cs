using System.Runtime.InteropServices;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>Finds VBoxManage: on the PATH, or where VirtualBox's installers put it.</summary>
/// <param name="platform">The system it is looked for on.</param>
/// <param name="variable">An environment variable's value.</param>
/// <param name="exists">Whether there is such a file.</param>
internal sealed class VBoxManageLocator(OSPlatform platform, Func<string, string?> variable, Func<string, bool> exists)
{
    // Debian's /usr/bin/VBoxManage is a script that prints warnings among the output and cleans up sockets of running calls.
    private const string DebianScript = "/usr/bin/VBoxManage";
    private const string DebianProgram = "/usr/lib/virtualbox/VBoxManage";

    public static VBoxManageLocator ForThisComputer { get; } = new(
        OperatingSystem.IsWindows() ? OSPlatform.Windows : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Linux,
        Environment.GetEnvironmentVariable,
        File.Exists);

    private bool IsWindows => platform == OSPlatform.Windows;

    /// <summary>The absolute path; null where there is none.</summary>
    public string? Find()
    {
        var found = Folders().Select(folder => Join(folder, IsWindows ? "VBoxManage.exe" : "VBoxManage")).FirstOrDefault(exists);
        return found == DebianScript && exists(DebianProgram) ? DebianProgram : found;
    }

    private IEnumerable<string> Folders()
    {
        foreach (var folder in (variable("PATH") ?? "").Split(IsWindows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            yield return folder.Trim('"');
        if (IsWindows)
        {
            foreach (var name in new[] { "VBOX_MSI_INSTALL_PATH", "VBOX_INSTALL_PATH" })
            {
                if (variable(name) is { Length: > 0 } folder)
                    yield return folder;
            }

            yield return Join(variable("ProgramFiles") ?? @"C:\Program Files", @"Oracle\VirtualBox");
        }
        else if (platform == OSPlatform.OSX)
        {
            yield return "/usr/local/bin";
            yield return "/Applications/VirtualBox.app/Contents/MacOS";
        }
        else
        {
            yield return "/usr/lib/virtualbox";
            yield return "/opt/VirtualBox";
        }
    }

    // Not Path.Combine, which joins as this computer does.
    private string Join(string folder, string name) => IsWindows ? folder.TrimEnd('\\') + "\\" + name : folder.TrimEnd('/') + "/" + name;
}
