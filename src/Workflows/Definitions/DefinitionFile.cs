using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VmCluster.Workflows.Definitions;

/// <summary>A version as a file: the same version is always the same bytes, so that files can be compared and kept in git.</summary>
public static class DefinitionFile
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A name without anything that means something to a file system: ids of imported definitions may hold any text.</summary>
    public static string NameOf(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var letters = definition.DefinitionId.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-');
        return $"{string.Concat(letters)}.json";
    }

    /// <exception cref="InvalidDefinitionException">The text is no definition; the message says where.</exception>
    public static WorkflowDefinition Read(string text) => WorkflowDefinition.Parse(text);

    public static string Write(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var json = (JsonObject)definition.Source.DeepClone();
        // A file holds one version, which is the latest of those that it holds, whatever is a draft here.
        json["isLatest"] = true;
        json["isPublished"] = definition.IsPublished;
        return json.ToJsonString(Format) + "\n";
    }
}
