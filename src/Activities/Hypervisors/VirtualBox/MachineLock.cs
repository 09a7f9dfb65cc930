namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>
/// A lock by a file, held against other tasks and other processes alike and freed by the system when its holder dies.
/// </summary>
internal sealed class MachineLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly FileStream file;

    private MachineLock(FileStream file) => this.file = file;

    /// <summary>Waits until nobody else holds the lock.</summary>
    public static async Task<MachineLock> AcquireAsync(string path, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new MachineLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Pause, timeProvider, cancellationToken);
            }
        }
    }

    public void Dispose() => file.Dispose();
}
