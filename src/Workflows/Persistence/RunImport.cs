using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Persistence;

/// <summary>Takes in runs of other installations, to be looked at. They have ended, so nothing here ever continues them.</summary>
public sealed class RunImport
{
    private readonly WorkflowDatabase _database;
    private readonly TimeProvider _timeProvider;

    internal RunImport(WorkflowDatabase database, TimeProvider timeProvider)
    {
        _database = database;
        _timeProvider = timeProvider;
    }

    /// <summary>Stores all of these runs, or, where one cannot be taken in, none.</summary>
    /// <param name="records">What other installations have exported.</param>
    /// <param name="by">Who imports, for the journal of each.</param>
    /// <param name="cancellationToken">Nothing is stored then.</param>
    /// <exception cref="RunImportRefusedException">One has not ended, is here already, or contradicts itself; the message lists all reasons.</exception>
    public async Task ImportAsync(IReadOnlyList<RunRecord> records, string? by, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        await using var context = await _database.OpenAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var reasons = records.SelectMany(RunRecordCheck.ProblemsOf).ToList();
        reasons.AddRange(records.GroupBy(record => record.Run.Id).Where(same => same.Count() > 1).Select(same => $"Run {same.Key} is given twice; leave one out."));
        foreach (var record in records)
        {
            // Also one that was deleted: its journal is still here.
            if (await context.Instances.AnyAsync(row => row.Id == record.Run.Id, cancellationToken))
                reasons.Add($"Run {record.Run.Id} is here already, and what is here is never overwritten; leave it out.");
        }

        if (reasons.Count > 0)
            throw new RunImportRefusedException(reasons);

        foreach (var record in records)
            await AddAsync(context, record, by, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task AddAsync(WorkflowDbContext context, RunRecord record, string? by, CancellationToken cancellationToken)
    {
        var now = _timeProvider.GetUtcNow();
        var versionId = await ImportedVersion.KeepAsync(context, record.Definition, now, cancellationToken);
        var run = record.Run;
        var sequence = record.Journal.Count == 0 ? 0 : record.Journal[^1].Sequence + 1;
        context.Add(new InstanceRow
        {
            Id = run.Id,
            DefinitionId = run.DefinitionId,
            DefinitionVersionId = versionId,
            Version = run.Version,
            Status = run.Status.ToString(),
            SubStatus = run.SubStatus.ToString(),
            Hold = nameof(RunHold.None),
            CorrelationId = run.CorrelationId,
            Name = run.Name,
            CreatedAt = run.CreatedAt,
            UpdatedAt = run.UpdatedAt,
            FinishedAt = run.FinishedAt,
            Input = Json.Write(run.Input),
            Output = Json.Write(run.Output),
            NextSequence = sequence + 1,
            NextId = record.Executions.Count,
        });
        context.AddRange(record.Executions.Select((execution, order) => RowMapping.ToRow(execution, order)));
        context.AddRange(run.Incidents.Select((incident, number) => RowMapping.ToRow(new IncidentState($"{run.Id}-incident-{number}", incident), run.Id)));
        context.AddRange(record.Journal.Append(Imported(record, by, versionId, sequence, now)).Select(entry => RowMapping.ToRow(entry, run.Id)));
        var workflow = record.Executions[0];
        context.AddRange(record.Variables.Select(variable => new VariableRow
        {
            InstanceId = run.Id,
            OwnerId = workflow.Id,
            VariableId = variable.Id,
            Name = variable.Name,
            Value = variable.Value.GetRawText(),
        }));
    }

    /// <summary>The journal's last row: what is above it happened elsewhere.</summary>
    private static JournalEntry Imported(RunRecord record, string? by, string versionId, long sequence, DateTimeOffset now)
    {
        var workflow = record.Executions[0];
        var elsewhere = versionId == record.Definition.Id ? "" : $" Its workflow is kept as '{versionId}', because '{record.Definition.Id}' is another one here.";
        return new JournalEntry
        {
            Sequence = sequence,
            Timestamp = now,
            EventName = "Imported",
            ActivityId = workflow.ActivityId,
            ActivityNodeId = workflow.ActivityNodeId,
            ActivityType = workflow.ActivityType,
            ActivityExecutionId = workflow.Id,
            ActivityName = workflow.ActivityName,
            Message = $"What is above happened in another installation.{elsewhere}",
            Payload = by is null ? null : JsonSerializer.SerializeToElement(new { By = by }),
        };
    }
}
