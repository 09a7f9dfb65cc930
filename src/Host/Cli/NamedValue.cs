using System.Text.Json;

namespace VmCluster.Host.Cli;

/// <summary>Inputs as they are typed: <c>NAME=VALUE</c>.</summary>
internal static class NamedValue
{
    /// <exception cref="UsageException">One is not of that form.</exception>
    public static Dictionary<string, JsonElement> ParseAll(IEnumerable<string> inputs) =>
        inputs.Select(Parse).ToDictionary(pair => pair.Name, pair => JsonSerializer.SerializeToElement(pair.Value));

    private static (string Name, string Value) Parse(string input)
    {
        var equals = input.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? (input[..equals], input[(equals + 1)..])
            : throw new UsageException($"'{input}' is no input", "Write --input NAME=VALUE.");
    }
}
