namespace VmCluster.Activities.Processes;

/// <summary>
/// A lock between tasks and between processes, held by an open file. The system lets go of it when its process ends,
/// however it ends. The file stays where it is: to remove it could give the lock to two.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until nobody else has the lock.</summary>
    /// <param name="path">Absolute path of the lock's file; its folder must exist.</param>
    /// <param name="timeProvider">The clock of the wait.</param>
    /// <param name="onWait">Called once if somebody else has it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<FileLock> AcquireAsync(string path, TimeProvider timeProvider, CancellationToken cancellationToken, Action? onWait = null)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } acquired)
                return acquired;
            onWait?.Invoke();
            onWait = null;
            await Task.Delay(Pulse, timeProvider, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileLock? TryAcquire(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException) && File.Exists(path))
        {
            return null;
        }
    }
}
