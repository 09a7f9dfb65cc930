using System.Collections.Immutable;
using System.Text.Json;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Workflows.Execution;

/// <summary>Something that happened to a run.</summary>
/// <param name="At">When.</param>
internal abstract record WorkflowEvent(DateTimeOffset At);

internal sealed record RunStarted(DateTimeOffset At) : WorkflowEvent(At);

/// <summary>An attempt has ended well: the activity is complete, or waits if it made bookmarks.</summary>
internal sealed record ActivityEnded(DateTimeOffset At, string ExecutionId, int Attempt, ActivityResult Result) : WorkflowEvent(At);

internal sealed record ActivityFailed(DateTimeOffset At, string ExecutionId, int Attempt, Failure Failure) : WorkflowEvent(At);

/// <summary>A running activity adds a row to the journal.</summary>
internal sealed record ActivityLogged(DateTimeOffset At, string ExecutionId, string EventName, string? Message, JsonElement? Payload) : WorkflowEvent(At);

/// <summary>The event or the time that a bookmark waits for has come.</summary>
/// <param name="At">When.</param>
/// <param name="BookmarkId">Which bookmark.</param>
/// <param name="Payload">What came with it.</param>
/// <param name="By">Who sent it, for the journal; null where nobody did.</param>
internal sealed record BookmarkResumed(DateTimeOffset At, string BookmarkId, JsonElement Payload, string? By = null) : WorkflowEvent(At);

/// <summary>The process that ran the activities is gone: go on, unless a person has stopped the run.</summary>
internal sealed record ProcessRestarted(DateTimeOffset At) : WorkflowEvent(At);

/// <summary>Somebody wants something of the run.</summary>
/// <param name="At">When.</param>
/// <param name="By">Who, for the journal.</param>
internal abstract record Request(DateTimeOffset At, string? By) : WorkflowEvent(At);

/// <summary>Start nothing until <see cref="ResumeRequested"/>; what is running may end.</summary>
internal sealed record PauseRequested(DateTimeOffset At, string? By) : Request(At, By);

/// <summary>Stop the running activities and start none, until <see cref="ResumeRequested"/> or <see cref="CancelRequested"/>.</summary>
internal sealed record InterruptRequested(DateTimeOffset At, string? By) : Request(At, By);

internal sealed record ResumeRequested(DateTimeOffset At, string? By) : Request(At, By);

/// <summary>Run a faulted activity again, or all of them where none is named.</summary>
internal sealed record RetryRequested(DateTimeOffset At, string? By, string? ExecutionId, IReadOnlyDictionary<string, JsonElement> Inputs) : Request(At, By);

/// <summary>Take a faulted activity as complete with this outcome.</summary>
internal sealed record SkipRequested(DateTimeOffset At, string? By, string ExecutionId, string Outcome) : Request(At, By);

/// <summary>Go on with another version of the definition.</summary>
internal sealed record MigrateRequested(DateTimeOffset At, string? By, WorkflowDefinition Target) : Request(At, By);

internal sealed record CancelRequested(DateTimeOffset At, string? By) : Request(At, By);

/// <summary>What an activity's code left behind.</summary>
internal sealed record ActivityResult
{
    /// <summary>Null where none were named: the default outcome.</summary>
    public IReadOnlyList<string>? Outcomes { get; init; }
    public ImmutableDictionary<string, JsonElement> Outputs { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
    public IReadOnlyList<VariableWrite> Variables { get; init; } = [];
    public IReadOnlyList<BookmarkRequest> Bookmarks { get; init; } = [];
    public ImmutableDictionary<string, JsonElement> JournalData { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
    public string? CorrelationId { get; init; }
    public bool FinishesWorkflow { get; init; }
}

/// <summary>A variable by id or by name, seen from the execution that writes it.</summary>
internal sealed record VariableWrite(string? Id, string? Name, JsonElement Value);

/// <summary>Asks to be resumed later.</summary>
/// <param name="Name">The kind, normally the activity's type.</param>
/// <param name="Key">What resumes it, within its kind; for instance the event's name.</param>
/// <param name="Payload">Details, stored as JSON.</param>
/// <param name="Due">When it is resumed by itself; null for never.</param>
public sealed record BookmarkRequest(string Name, string? Key = null, object? Payload = null, DateTimeOffset? Due = null);

/// <summary>Why an activity faulted.</summary>
/// <param name="Message">One line.</param>
/// <param name="ExceptionType">The full name of the exception's type.</param>
/// <param name="Detail">The cause, where the message does not tell it.</param>
/// <param name="Payload">For the journal.</param>
internal sealed record Failure(string Message, string ExceptionType, string? Detail, JsonElement Payload);

/// <summary>What is to be done once a transition is stored.</summary>
internal abstract record Effect;

internal sealed record Execute(string ExecutionId) : Effect;

internal sealed record StopExecution(string ExecutionId) : Effect;

internal sealed record ArmTimer(BookmarkState Bookmark) : Effect;

/// <summary>The machine's answer to an event.</summary>
internal sealed record Transition(WorkflowState State, ChangeSet Changes, IReadOnlyList<Effect> Effects);
