using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using VmCluster.Workflows;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Api;

/// <summary>
/// A run as a file: Elsa's exported workflow state, with what a viewer needs beyond it. It holds what the API tells of the run,
/// so what is kept from one is kept from the other.
/// </summary>
internal sealed record RunFile(
    InstanceModel WorkflowInstance,
    WorkflowStateModel WorkflowState,
    IReadOnlyList<BookmarkModel> Bookmarks,
    IReadOnlyList<ActivityExecutionModel> ActivityExecutionRecords,
    IReadOnlyList<JournalModel> WorkflowExecutionLogRecords,
    IReadOnlyList<VariableValue> Variables,
    JsonObject WorkflowDefinition)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        // A file that lacks something, or has it twice, is none of ours.
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    };

    public static string NameOf(string runId) => $"workflow-instance-{runId}.json";

    public static byte[] Write(RunRecord record)
    {
        var state = WorkflowStateModel.Of(record.Run, record.Bookmarks);
        var file = new RunFile(
            InstanceModel.Of(record.Run),
            state,
            state.Bookmarks,
            [.. record.Executions.Select(execution => ActivityExecutionModel.Of(execution))],
            [.. record.Journal.Select(entry => JournalModel.Of(record.Run.Id, entry))],
            record.Variables,
            record.Definition.Source);
        return [.. JsonSerializer.SerializeToUtf8Bytes(file, Format), (byte)'\n'];
    }

    /// <exception cref="InvalidRunFileException">It is no such file.</exception>
    public static async Task<RunRecord> ReadAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        try
        {
            var file = await JsonSerializer.DeserializeAsync<RunFile>(content, Format, cancellationToken) ?? throw new InvalidRunFileException(name, "it is empty");
            return file.ToRecord();
        }
        catch (JsonException e)
        {
            // The message would name types of this program, which tell a reader nothing.
            throw new InvalidRunFileException(name, $"something is wrong or missing at {e.Path ?? "$"}, line {(e.LineNumber ?? 0) + 1}", e);
        }
        catch (InvalidDefinitionException e)
        {
            throw new InvalidRunFileException(name, e.Message.TrimEnd('.'), e);
        }
    }

    private RunRecord ToRecord() => new()
    {
        Run = WorkflowInstance.ToInstance(WorkflowState),
        Definition = DefinitionFile.Read(WorkflowDefinition.ToJsonString()),
        Executions = [.. ActivityExecutionRecords.Select(execution => execution.ToExecution())],
        Variables = Variables,
        Journal = [.. WorkflowExecutionLogRecords.Select(entry => entry.ToEntry())],
    };
}

/// <summary>A file was given as an exported run and is none.</summary>
internal sealed class InvalidRunFileException(string file, string why, Exception? innerException = null)
    : WorkflowException($"'{file}' is no exported run: {why}. Give a file that an export of runs made.", innerException);
