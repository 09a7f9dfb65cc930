namespace VmCluster.Activities.Identity;

/// <summary>Files that only their owner may read, written as a whole or not at all.</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder (and those above it) with mode 0700, unless it is there.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerReadWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Writes a text with mode 0600; nothing happens where the file has it already.</summary>
    public static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        if (File.Exists(path) && await File.ReadAllTextAsync(path, cancellationToken) == text)
            return;
        var temporary = TemporaryName(path);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerReadWrite;
        await using (var writer = new StreamWriter(temporary, options))
            await writer.WriteAsync(text.AsMemory(), cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>A name beside the path, for what is renamed to it when it is whole.</summary>
    public static string TemporaryName(string path) => $"{path}.{Guid.NewGuid():N}.part";

    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, OwnerReadWrite);
    }
}
