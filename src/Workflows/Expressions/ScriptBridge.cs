using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jint;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Serialization;

namespace VmCluster.Workflows.Expressions;

/// <summary>Connects a script to the run that it is evaluated for.</summary>
internal sealed partial class ScriptBridge(VariableScope scope, TimeProvider timeProvider)
{
    private const string Functions = """
        function __parse(text) { return text === null || text === undefined ? null : JSON.parse(text); }
        function __toJson(value) { return value === undefined ? null : JSON.stringify(value); }
        function getVariable(name) { return __parse(__getVariable(String(name))); }
        function setVariable(name, value) { __setVariable(String(name), __toJson(value)); }
        function getInput(name) { return __parse(__getInput(String(name))); }
        function getOutputFrom(activity, output) { return __parse(__getOutput(String(activity), output === undefined || output === null ? null : String(output))); }
        function getLastResult() { return __parse(__getLastResult()); }
        function setCorrelationId(value) { __setCorrelationId(String(value)); }
        function setWorkflowInstanceName(value) { __setInstanceName(String(value)); }
        function isNullOrEmpty(value) { return value === null || value === undefined || value === ''; }
        function isNullOrWhiteSpace(value) { return isNullOrEmpty(value) || String(value).trim() === ''; }
        function toJson(value) { return JSON.stringify(value); }
        function newGuid() { return __newGuid(); }
        function newGuidString() { return __newGuid(); }
        function parseGuid(value) { return String(value); }
        var variables = {};
        """;

    private readonly Dictionary<string, JsonElement> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _exposed = new(StringComparer.Ordinal);

    public IReadOnlyList<VariableWrite> Writes => _written.Select(write => new VariableWrite(null, write.Key, write.Value)).ToList();

    public string? CorrelationId { get; private set; }

    public string? InstanceName { get; private set; }

    public void Attach(Engine engine)
    {
        engine.SetValue("__getVariable", new Func<string, string>(name => Read(name).GetRawText()));
        engine.SetValue("__setVariable", new Action<string, string?>((name, json) => _written[name] = json is null ? Json.Null : Json.Parse(json)));
        engine.SetValue("__getInput", new Func<string, string>(name => scope.ReadInput(name).GetRawText()));
        engine.SetValue("__getOutput", new Func<string, string?, string>((activity, output) => scope.ReadOutput(activity, output).GetRawText()));
        engine.SetValue("__getLastResult", new Func<string>(() => scope.ReadLastResult().GetRawText()));
        engine.SetValue("__setCorrelationId", new Action<string>(value => CorrelationId = value));
        engine.SetValue("__setInstanceName", new Action<string>(value => InstanceName = value));
        engine.SetValue("__newGuid", new Func<string>(() => Guid.CreateVersion7(timeProvider.GetUtcNow()).ToString()));
        engine.SetValue("getWorkflowDefinitionId", new Func<string>(() => scope.Instance.DefinitionId));
        engine.SetValue("getWorkflowDefinitionVersionId", new Func<string>(() => scope.Instance.DefinitionVersionId));
        engine.SetValue("getWorkflowDefinitionVersion", new Func<double>(() => scope.Instance.Version));
        engine.SetValue("getWorkflowInstanceId", new Func<string>(() => scope.Instance.Id));
        engine.SetValue("getCorrelationId", new Func<string?>(() => CorrelationId ?? scope.Instance.CorrelationId));
        engine.SetValue("getWorkflowInstanceName", new Func<string?>(() => InstanceName ?? scope.Instance.Name));
        engine.SetValue("newShortGuid", new Func<string>(() => Convert.ToBase64String(Guid.CreateVersion7(timeProvider.GetUtcNow()).ToByteArray()).TrimEnd('=').Replace('/', '_').Replace('+', '-')));
    }

    /// <summary>The functions that scripts may call, and the accessors of those names that this script mentions.</summary>
    public string Prelude(string script)
    {
        var prelude = new StringBuilder(Functions);
        var words = Word().Matches(script).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var name in scope.VariableNames().Where(name => Identifier().IsMatch(name)))
        {
            if (words.Contains("variables") && words.Contains(name))
            {
                _exposed[name] = Read(name);
                prelude.Append(CultureInfo.InvariantCulture, $"variables[{Quote(name)}] = getVariable({Quote(name)});\n");
            }

            AppendIf(words, prelude, $"get{Pascal(name)}", $"return getVariable({Quote(name)});");
            AppendIf(words, prelude, $"set{Pascal(name)}", $"setVariable({Quote(name)}, value);");
        }

        foreach (var name in scope.Instance.Input.Keys.Where(name => Identifier().IsMatch(name)))
            AppendIf(words, prelude, $"get{Pascal(name)}", $"return getInput({Quote(name)});");

        foreach (var (activity, outputs) in scope.OutputsByActivityName().Where(activity => Identifier().IsMatch(activity.Activity)))
        {
            foreach (var output in outputs)
                AppendIf(words, prelude, $"get{output}From{Pascal(activity)}", $"return getOutputFrom({Quote(activity)}, {Quote(output)});");
        }

        return prelude.ToString();
    }

    /// <summary>Takes over what the script assigned to <c>variables.X</c>.</summary>
    public void WriteBack(Engine engine)
    {
        foreach (var (name, before) in _exposed)
        {
            var json = engine.Execute($"__toJson(variables[{Quote(name)}])").GetCompletionValue();
            var after = json.IsString() ? Json.Parse(json.AsString()) : Json.Null;
            if (!JsonElement.DeepEquals(before, after))
                _written[name] = after;
        }
    }

    private static void AppendIf(HashSet<string> words, StringBuilder prelude, string function, string body)
    {
        if (words.Contains(function))
            prelude.Append(CultureInfo.InvariantCulture, $"function {function}(value) {{ {body} }}\n");
    }

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    private JsonElement Read(string name) => _written.TryGetValue(name, out var written) ? written : scope.Read(scope.FindByName(name));

    [GeneratedRegex("[A-Za-z_$][A-Za-z0-9_$]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex("^[A-Za-z_$][A-Za-z0-9_$]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Identifier();
}
