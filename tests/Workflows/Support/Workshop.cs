using System.Collections.Concurrent;

namespace VmCluster.Workflows.Tests.Support;

/// <summary>Where <see cref="Work"/> is done: a test sees what has begun, holds it, lets it end or fail.</summary>
public sealed class Workshop
{
    private readonly ConcurrentDictionary<string, Piece> _pieces = new();
    private readonly ConcurrentQueue<string> _begun = new();
    private readonly ConcurrentQueue<string> _passwords = new();

    /// <summary>The names of all attempts, in the order in which they began.</summary>
    public IReadOnlyList<string> Begun => [.. _begun];

    /// <summary>The secrets that work was given.</summary>
    public IReadOnlyList<string> Passwords => [.. _passwords];

    /// <summary>Work of this name does not end until it is released.</summary>
    public Workshop Hold(string name)
    {
        _pieces[name] = new Piece();
        return this;
    }

    public void Release(string name) => Of(name).Gate.TrySetResult();

    /// <summary>Work of this name fails from now on.</summary>
    public Workshop Break(string name)
    {
        Of(name).IsBroken = true;
        return this;
    }

    public void Repair(string name) => Of(name).IsBroken = false;

    /// <summary>Completes when work of this name has begun.</summary>
    public Task BegunAsync(string name) => Of(name).Begun.Task;

    /// <summary>Completes when work of this name was told to stop.</summary>
    public Task StoppedAsync(string name) => Of(name).Stopped.Task;

    /// <summary>Completes when work of this name has ended well.</summary>
    public Task EndedAsync(string name) => Of(name).Ended.Task;

    internal void Note(string? password)
    {
        if (password is not null)
            _passwords.Enqueue(password);
    }

    internal async Task DoAsync(string name, CancellationToken cancellationToken)
    {
        _begun.Enqueue(name);
        var piece = _pieces.GetOrAdd(name, _ => new Piece { Gate = Open() });
        piece.Begun.TrySetResult();
        if (piece.IsBroken)
            throw new WorkBrokenException(name);

        try
        {
            await piece.Gate.Task.WaitAsync(cancellationToken);
            piece.Ended.TrySetResult();
        }
        catch (OperationCanceledException)
        {
            piece.Stopped.TrySetResult();
            throw;
        }
    }

    private static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gate.SetResult();
        return gate;
    }

    private Piece Of(string name) => _pieces.GetOrAdd(name, _ => new Piece { Gate = Open() });

    private sealed class Piece
    {
        public TaskCompletionSource Gate { get; init; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsBroken { get; set; }
    }
}

public sealed class WorkBrokenException(string name) : WorkflowException($"{name} is broken");

/// <summary>A step that the test's <see cref="Workshop"/> decides about.</summary>
[Activity("Test", "Test", "Works.")]
[FlowNode("Done", "Rejected")]
public sealed class Work(Workshop workshop) : CodeActivity
{
    /// <summary>What the workshop knows it by; the activity's id where none is given.</summary>
    [Input]
    public Input<string> As { get; set; } = new();

    [Input(IsSensitive = true)]
    public Input<string> Password { get; set; } = new();

    [Output]
    public Output<string> Result { get; set; } = new();

    protected internal override async ValueTask ExecuteAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var name = As.Get(context) ?? Id;
        workshop.Note(Password.Get(context));
        await workshop.DoAsync(name, context.CancellationToken);
        Result.Set(context, name);
    }
}
