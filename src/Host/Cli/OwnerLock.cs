using VmCluster.Activities;

namespace VmCluster.Host.Cli;

/// <summary>
/// Makes this process the one that runs workflows in a data folder. The operating system gives the lock back when the
/// process ends, however it ends.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private readonly FileStream _file;

    private OwnerLock(FileStream file) => _file = file;

    /// <exception cref="DataFolderBusyException">Another process has it.</exception>
    public static OwnerLock Take(DataFolder folder, string command)
    {
        // Others cannot read a file that is locked, so who has it stands beside it.
        var note = folder.OwnerLock + ".txt";
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder.Root);
        else
            Directory.CreateDirectory(folder.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var file = new FileStream(folder.OwnerLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(note, $"process {Environment.ProcessId}: {command}");
            return new OwnerLock(file);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new DataFolderBusyException(folder.Root, File.Exists(note) ? File.ReadAllText(note) : "a process that has just begun");
        }
    }

    public void Dispose() => _file.Dispose();
}
