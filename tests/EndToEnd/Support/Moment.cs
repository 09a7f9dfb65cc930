namespace VmCluster.EndToEnd.Support;

/// <summary>Waits for something that another process does and gives no notice of.</summary>
public static class Moment
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    public static async Task WaitUntilAsync(string moment, Func<Task<bool>> isReached)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (!await isReached())
                await pulse.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not come to the moment when {moment} within {Patience}.");
        }
    }
}
