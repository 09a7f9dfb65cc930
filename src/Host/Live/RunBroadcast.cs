using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VmCluster.Host.Api;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Live;

/// <summary>Tells those who watch a run what changed in it. What happens while a message is under way goes with the next one.</summary>
internal sealed class RunBroadcast(WorkflowRuntime runtime, RunStore runs, Observers observers, IHubContext<WorkflowInstanceHub> hub, TimeProvider time, ILogger<RunBroadcast> logger)
    : BackgroundService
{
    /// <summary>A viewer asks for much after each message; more often than this nobody can read it.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Channel<RunNotification> _happened = Channel.CreateUnbounded<RunNotification>(new UnboundedChannelOptions { SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        runtime.Notified += Enqueue;
        try
        {
            while (await _happened.Reader.WaitToReadAsync(stoppingToken))
            {
                var batch = new List<RunNotification>();
                while (_happened.Reader.TryRead(out var notification))
                    batch.Add(notification);

                foreach (var run in batch.GroupBy(notification => notification.InstanceId))
                    await SendAsync(run.Key, [.. run.OfType<JournalWritten>().Select(written => written.Entry.ActivityNodeId).Distinct()], stoppingToken);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends, and with it all who watch.
        }
        finally
        {
            runtime.Notified -= Enqueue;
        }
    }

    private void Enqueue(RunNotification notification)
    {
        if (notification is not ProgressReported && observers.IsObserved(notification.InstanceId))
            _happened.Writer.TryWrite(notification);
    }

    private async Task SendAsync(string instanceId, string[] nodeIds, CancellationToken cancellationToken)
    {
        try
        {
            var viewers = hub.Clients.Group(instanceId);
            if (nodeIds.Length > 0)
            {
                var stats = await runs.StatsAsync(instanceId, nodeIds, cancellationToken);
                await viewers.SendAsync("ActivityExecutionLogUpdatedAsync", new { stats = stats.Select(ActivityStatsModel.Of) }, cancellationToken);
                await viewers.SendAsync("WorkflowExecutionLogUpdatedAsync", new { }, cancellationToken);
            }

            // Always last: only this one makes Studio show the journal that it has fetched.
            await viewers.SendAsync("WorkflowInstanceUpdatedAsync", new { workflowInstanceId = instanceId }, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A viewer that misses one message shows all with the next.
            logger.LogWarning(e, "Watchers of run {InstanceId} could not be told what happened", instanceId);
        }
    }
}
