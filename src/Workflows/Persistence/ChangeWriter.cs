using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Execution;

namespace VmCluster.Workflows.Persistence;

/// <summary>
/// The only writer of runs. It holds one open connection, and writes what several runs changed at the same time in one
/// transaction: a commit costs a flush of the disk, however many rows it has.
/// </summary>
internal sealed class ChangeWriter(WorkflowDatabase database) : IAsyncDisposable
{
    private const int MaximumGroup = 256;

    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _starting = new();
    private Task? _loop;
    private WorkflowDbContext? _context;

    /// <summary>Called before (false) and after (true) each commit; a test throws here to lose the process at that point.</summary>
    internal Action<bool>? Committing { get; set; }

    /// <summary>Returns when the changes are on the disk.</summary>
    public async Task WriteAsync(ChangeSet changes)
    {
        lock (_starting)
            _loop ??= Task.Run(RunAsync);

        var request = new Request(changes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        ObjectDisposedException.ThrowIf(!_requests.Writer.TryWrite(request), this);

        await request.Written.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _requests.Writer.TryComplete();
        if (_loop is not null)
            await _loop;
    }

    private async Task RunAsync()
    {
        var group = new List<Request>();
        await foreach (var first in _requests.Reader.ReadAllAsync())
        {
            group.Add(first);
            while (group.Count < MaximumGroup && _requests.Reader.TryRead(out var next))
                group.Add(next);

            await WriteAsync(group);
            group.Clear();
        }

        await CloseAsync();
    }

    private async Task WriteAsync(IReadOnlyList<Request> group)
    {
        try
        {
            await CommitAsync(group);
            foreach (var request in group)
                request.Written.TrySetResult();
        }
        catch (Exception e)
        {
            // A connection that has failed is not trusted again.
            await CloseAsync();
            if (group is [var only])
            {
                only.Written.TrySetException(e);
                return;
            }

            // What is wrong with one run must not stop those that shared its transaction.
            foreach (var request in group)
                await WriteAsync([request]);
        }
    }

    private async Task CommitAsync(IReadOnlyList<Request> group)
    {
        _context ??= await database.OpenAsync(CancellationToken.None);
        _context.ChangeTracker.AutoDetectChangesEnabled = false;
        foreach (var request in group)
            Track(_context, request.Changes);

        Committing?.Invoke(false);
        await _context.SaveChangesAsync();
        Committing?.Invoke(true);
        _context.ChangeTracker.Clear();
    }

    private async Task CloseAsync()
    {
        if (_context is not null)
            await _context.DisposeAsync();

        _context = null;
    }

    private static void Track(WorkflowDbContext context, ChangeSet changes)
    {
        var instance = RowMapping.ToRow(changes.State);
        context.Entry(instance).State = changes.IsNewInstance ? EntityState.Added : EntityState.Modified;
        if (!changes.IsNewInstance)
        {
            context.Entry(instance).Property(row => row.Input).IsModified = changes.RunInputsChanged;
            context.Entry(instance).Property(row => row.DeletedAt).IsModified = false;
            context.Entry(instance).Property(row => row.DeletedBy).IsModified = false;
        }

        foreach (var change in changes.Executions.Values)
        {
            var row = RowMapping.ToRow(change.Execution, instance.Id, withInputs: change.IsNew || change.InputsChanged);
            context.Entry(row).State = change.IsNew ? EntityState.Added : EntityState.Modified;
            if (!change.IsNew)
                context.Entry(row).Property(execution => execution.Inputs).IsModified = change.InputsChanged;
        }

        foreach (var (id, change) in changes.Bookmarks)
            Track(context, change, bookmark => RowMapping.ToRow(bookmark, instance.Id), () => RemovedBookmark(id, instance.Id));

        foreach (var (key, change) in changes.Variables)
            Track(context, change, variable => ToRow(key, variable, instance.Id), () => ToRow(key, new VariableState("", default), instance.Id));

        foreach (var change in changes.Incidents.Values)
            context.Entry(RowMapping.ToRow(change.Value!, instance.Id)).State = change.IsNew ? EntityState.Added : EntityState.Modified;

        foreach (var entry in changes.Journal)
            context.Entry(RowMapping.ToRow(entry, instance.Id)).State = EntityState.Added;
    }

    private static void Track<T, TRow>(WorkflowDbContext context, Change<T> change, Func<T, TRow> row, Func<TRow> removed)
        where T : class
        where TRow : class
    {
        if (change.Value is { } value)
            context.Entry(row(value)).State = change.IsNew ? EntityState.Added : EntityState.Modified;
        else
            context.Entry(removed()).State = EntityState.Deleted;
    }

    private static VariableRow ToRow(VariableKey key, VariableState variable, string instanceId) => new()
    {
        InstanceId = instanceId,
        OwnerId = key.OwnerId,
        VariableId = key.VariableId,
        Name = variable.Name,
        Value = variable.Value.ValueKind == System.Text.Json.JsonValueKind.Undefined ? "" : variable.Value.GetRawText(),
    };

    /// <summary>To delete a row its key is enough.</summary>
    private static BookmarkRow RemovedBookmark(string id, string instanceId) => new()
    {
        Id = id,
        InstanceId = instanceId,
        ExecutionId = "",
        ActivityNodeId = "",
        Name = "",
        Payload = "",
        CreatedAt = default,
    };

    private sealed record Request(ChangeSet Changes, TaskCompletionSource Written);
}
