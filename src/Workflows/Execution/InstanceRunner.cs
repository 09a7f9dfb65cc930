using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Workflows.Execution;

/// <summary>
/// The one owner of a run's state: a loop that takes events, lets the machine decide, stores what changed, and only then
/// starts what follows. Activities run beside it and post their end back as an event.
/// </summary>
internal sealed class InstanceRunner : IAsyncDisposable
{
    private const int MaximumBatch = 64;

    private readonly StateMachine _machine;
    private readonly ChangeWriter _writer;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Action<RunNotification> _notify;
    private readonly ActivityRunner _activities;
    private readonly Channel<Message> _inbox = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, RunningActivity> _running = [];
    private readonly Dictionary<string, ITimer> _timers = [];
    private readonly Lock _lock = new();
    private readonly List<(Func<WorkflowState, bool> Condition, TaskCompletionSource<WorkflowState> Source)> _waiters = [];
    private readonly Task _loop;
    private WorkflowState _state;
    private WorkflowException? _end;

    public InstanceRunner(StateMachine machine, WorkflowState state, ChangeWriter writer, IServiceScopeFactory scopes, TimeProvider timeProvider, ILogger logger, Action<RunNotification> notify)
    {
        _machine = machine;
        _state = state;
        _writer = writer;
        _timeProvider = timeProvider;
        _logger = logger;
        _notify = notify;
        _activities = new ActivityRunner(machine, scopes, timeProvider, happened => _inbox.Writer.TryWrite(new Message(happened, null)), notify);
        _loop = Task.Run(RunAsync);
    }

    public WorkflowState State => Volatile.Read(ref _state);

    /// <summary>The loop has ended: the run is finished, or could not be stored.</summary>
    public bool HasEnded => _loop.IsCompleted;

    /// <summary>Returns when the event is stored, with whether it changed anything.</summary>
    /// <exception cref="WorkflowException">The machine refused what was asked for, or it cannot be stored.</exception>
    public async Task<bool> PostAsync(Func<DateTimeOffset, WorkflowEvent> happened)
    {
        var source = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_inbox.Writer.TryWrite(new Message(happened(_timeProvider.GetUtcNow()), source)))
            throw WhyEnded();

        return await source.Task;
    }

    /// <summary>Waits for a stored state.</summary>
    public async Task<WorkflowState> WaitAsync(Func<WorkflowState, bool> condition, CancellationToken cancellationToken)
    {
        TaskCompletionSource<WorkflowState> source;
        lock (_lock)
        {
            if (condition(_state))
                return _state;

            if (_end is not null)
                throw _end;

            source = new TaskCompletionSource<WorkflowState>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((condition, source));
        }

        return await source.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until no activity's code is running any more, or the time is over.</summary>
    public async Task WaitForActivitiesAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Task all;
        lock (_lock)
            all = Task.WhenAll(_running.Values.Select(running => running.Task));

        try
        {
            await all.WaitAsync(limit, _timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            _logger.LogWarning("Activities of run {InstanceId} did not stop within {Limit}.", _state.Instance.Id, limit);
        }
    }

    /// <summary>Completes when the loop has ended and the code of all activities too.</summary>
    public async Task EndAsync()
    {
        await _loop;
        Task all;
        lock (_lock)
            all = Task.WhenAll(_running.Values.Select(running => running.Task));

        await all;
    }

    /// <summary>Leaves the run as it is stored: what was running starts again when it is resumed.</summary>
    public async ValueTask DisposeAsync()
    {
        _inbox.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        var batch = new List<Message>();
        try
        {
            while (await _inbox.Reader.WaitToReadAsync())
            {
                while (batch.Count < MaximumBatch && _inbox.Reader.TryRead(out var message))
                    batch.Add(message);

                await ProcessAsync(batch);
                batch.Clear();
                if (_state.IsFinished)
                    break;
            }
        }
        catch (Exception e)
        {
            _logger.LogError(e, "Run {InstanceId} stops.", _state.Instance.Id);
            End(e as RunNotStoredException ?? (WorkflowException)new RunStoppedException(_state.Instance.Id, e), batch);
        }

        _inbox.Writer.TryComplete();
        StopAll();
        while (_inbox.Reader.TryRead(out var late))
            batch.Add(late);

        End(WhyEnded(), batch);
    }

    private WorkflowException WhyEnded() => State.IsFinished ? new RunFinishedException(State.Instance.Id, State.Instance.SubStatus) : new RunStoppedException(State.Instance.Id);

    private async Task ProcessAsync(List<Message> batch)
    {
        var state = _state;
        ChangeSet? changes = null;
        var effects = new List<Effect>();
        var changed = new List<(Message Message, bool Changed)>(batch.Count);
        foreach (var message in batch)
        {
            if (TryApply(state, message) is not { } transition)
                continue;

            changed.Add((message, !transition.Changes.IsEmpty));
            state = transition.State;
            Add(effects, transition.Effects);
            if (changes is null)
                changes = transition.Changes;
            else
                changes.Merge(transition.Changes);
        }

        if (changes is null)
            return;

        if (!changes.IsEmpty || state.Instance != _state.Instance)
            await StoreAsync(changes);

        var released = Publish(state, changes);
        foreach (var effect in effects)
            Start(effect, state);

        // Who waits finds the journal, the notifications and the timers of this state in place.
        released.ForEach(source => source.TrySetResult(state));
        foreach (var (message, hasChanged) in changed)
            message.Stored?.TrySetResult(hasChanged);
    }

    /// <summary>What one event of a batch starts and a later one stops is not started at all.</summary>
    private static void Add(List<Effect> effects, IReadOnlyList<Effect> added)
    {
        foreach (var stop in added.OfType<StopExecution>())
            effects.RemoveAll(effect => effect is Execute execute && execute.ExecutionId == stop.ExecutionId);

        effects.AddRange(added);
    }

    private async Task StoreAsync(ChangeSet changes)
    {
        try
        {
            await _writer.WriteAsync(changes);
        }
        catch (Exception e)
        {
            throw new RunNotStoredException(_state.Instance.Id, e);
        }
    }

    /// <summary>What a person asks for in vain is told to them alone; the run is as it was.</summary>
    private Transition? TryApply(WorkflowState state, Message message)
    {
        try
        {
            return _machine.Apply(state, message.Event);
        }
        catch (WorkflowException e) when (message.Event is Request)
        {
            message.Stored?.TrySetException(e);
            return null;
        }
    }

    private List<TaskCompletionSource<WorkflowState>> Publish(WorkflowState state, ChangeSet changes)
    {
        var before = _state.Instance;
        List<TaskCompletionSource<WorkflowState>> released;
        lock (_lock)
        {
            Volatile.Write(ref _state, state);
            released = _waiters.Where(waiter => waiter.Condition(state)).Select(waiter => waiter.Source).ToList();
            _waiters.RemoveAll(waiter => released.Contains(waiter.Source));
        }

        foreach (var entry in changes.Journal)
            _notify(new JournalWritten(state.Instance.Id, entry));

        if (changes.IsNewInstance || before.Status != state.Instance.Status || before.SubStatus != state.Instance.SubStatus || before.Hold != state.Instance.Hold)
            _notify(new InstanceChanged(state.Instance.Id, state.Instance.Status, state.Instance.SubStatus));

        return released;
    }

    private void Start(Effect effect, WorkflowState state)
    {
        switch (effect)
        {
            case Execute execute when state.Active.Contains(execute.ExecutionId) && !state.IsHeld:
                StartActivity(execute.ExecutionId, state);
                break;
            case StopExecution stop:
                lock (_lock)
                {
                    if (_running.TryGetValue(stop.ExecutionId, out var running))
                        running.Cancellation.Cancel();
                }

                break;
            case ArmTimer timer when state.Bookmarks.ContainsKey(timer.Bookmark.Id):
                Arm(timer.Bookmark);
                break;
        }
    }

    private void StartActivity(string executionId, WorkflowState state)
    {
        lock (_lock)
        {
            var previous = _running.TryGetValue(executionId, out var running) ? running.Task : Task.CompletedTask;
            var cancellation = new CancellationTokenSource();
            var started = new RunningActivity(Task.Run(() => RunActivityAsync(executionId, state, previous, cancellation)), cancellation);
            _running[executionId] = started;
        }
    }

    private async Task RunActivityAsync(string executionId, WorkflowState state, Task previous, CancellationTokenSource cancellation)
    {
        // Two attempts of one execution never run at the same time.
        await previous;
        await _activities.RunAsync(state, executionId, cancellation.Token);
        lock (_lock)
        {
            if (_running.TryGetValue(executionId, out var running) && running.Cancellation == cancellation)
                _running.Remove(executionId);
        }

        cancellation.Dispose();
    }

    private void Arm(BookmarkState bookmark)
    {
        var wait = bookmark.Due!.Value - _timeProvider.GetUtcNow();
        lock (_lock)
        {
            if (_timers.Remove(bookmark.Id, out var old))
                old.Dispose();

            _timers[bookmark.Id] = _timeProvider.CreateTimer(_ => Ring(bookmark), null, wait < TimeSpan.Zero ? TimeSpan.Zero : wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Ring(BookmarkState bookmark)
    {
        lock (_lock)
        {
            if (_timers.Remove(bookmark.Id, out var timer))
                timer.Dispose();
        }

        _inbox.Writer.TryWrite(new Message(new BookmarkResumed(_timeProvider.GetUtcNow(), bookmark.Id, Serialization.Json.Null), null));
    }

    /// <summary>Nobody is left waiting for a loop that has ended; the first reason given is the one that counts.</summary>
    private void End(WorkflowException reason, List<Message> unanswered)
    {
        lock (_lock)
        {
            _end ??= reason;
            _waiters.ForEach(waiter => waiter.Source.TrySetException(_end));
            _waiters.Clear();
        }

        unanswered.ForEach(message => message.Stored?.TrySetException(_end));
    }

    private void StopAll()
    {
        lock (_lock)
        {
            foreach (var running in _running.Values)
                running.Cancellation.Cancel();

            foreach (var timer in _timers.Values)
                timer.Dispose();

            _timers.Clear();
        }
    }

    private sealed record Message(WorkflowEvent Event, TaskCompletionSource<bool>? Stored);

    private sealed record RunningActivity(Task Task, CancellationTokenSource Cancellation);
}
