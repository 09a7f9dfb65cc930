using System.Globalization;
using System.Runtime.InteropServices;

namespace VmCluster.Activities.Processes;

/// <summary>
/// A folder with a short path for Unix sockets, whose paths may not be longer than 107 bytes:
/// <c>$XDG_RUNTIME_DIR/vmcluster</c>, else <c>/tmp/vmcluster-UID</c> (<c>/run/vmcluster</c> for root). Only its owner can enter it.
/// </summary>
public sealed class RunFolder
{
    private const int MaxSocketPath = 107;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private RunFolder(string path) => Path = path;

    /// <summary>Absolute path; exists.</summary>
    public string Path { get; }

    /// <summary>The folder of this user, made if it is not there.</summary>
    /// <exception cref="RunFolderException">Somebody else's file is in its place.</exception>
    public static RunFolder Open() => Open(
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(runtime)
            ? System.IO.Path.Combine(runtime, "vmcluster")
            : UserId() is var user and not 0 ? string.Create(CultureInfo.InvariantCulture, $"/tmp/vmcluster-{user}")
            : "/run/vmcluster");

    internal static RunFolder Open(string path)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Run folders hold Unix sockets.");
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            var info = new DirectoryInfo(path);

            // Only its owner may change the mode of a folder, so this also finds one that somebody else has put into /tmp.
            // Root may change any, and so keeps out of /tmp.
            if (info.LinkTarget is not null)
                throw new RunFolderException(path, "it is a symbolic link");
            File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFolderException(path, e.Message, e);
        }

        return new RunFolder(path);
    }

    /// <summary>The path of a socket in the folder.</summary>
    /// <param name="name">A short file name, for instance a UUID with an ending.</param>
    /// <exception cref="RunFolderException">The path would be too long for a Unix socket.</exception>
    public string Socket(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        return path.Length <= MaxSocketPath ? path : throw new RunFolderException(path, $"it is longer than {MaxSocketPath} bytes");
    }

    [DllImport("libc", EntryPoint = "getuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint UserId();
}

public sealed class RunFolderException(string path, string why, Exception? innerException = null)
    : VmClusterException($"'{path}' cannot hold sockets: {why}", "Remove it, or set XDG_RUNTIME_DIR to a private folder with a short path.", innerException);
