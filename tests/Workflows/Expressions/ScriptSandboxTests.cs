using System.Text.Json.Nodes;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Tests.Support;

namespace VmCluster.Workflows.Tests.Expressions;

/// <summary>A workflow may come from somebody else: its scripts reach nothing of this computer and cannot hold it up.</summary>
public sealed class ScriptSandboxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("System.IO.File.ReadAllText('/etc/passwd')")]
    [InlineData("importNamespace('System.IO').File.ReadAllText('/etc/passwd')")]
    [InlineData("getVariable.GetType().Assembly.Location")]
    [InlineData("__getVariable.Method.Module.Assembly.Location")]
    [InlineData("newGuid().GetType().Assembly.Location")]
    [InlineData("new XMLHttpRequest()")]
    [InlineData("require('fs').readFileSync('/etc/passwd')")]
    public async Task A_script_reaches_nothing_of_this_computer(string script) => await AssertFaultsAsync("JavaScript", script);

    [Theory]
    [InlineData("for (;;) {}")]
    [InlineData("(function f() { return f() + 1; })()")]
    public async Task A_script_that_never_ends_is_stopped(string script) => await AssertFaultsAsync("JavaScript", script);

    [Fact]
    public async Task A_script_of_few_but_slow_statements_is_stopped() => Assert.Contains(
        "ran longer than 10 s",
        await AssertFaultsAsync("JavaScript", "var list = []; for (var i = 0; i < 20000; i++) { list.push(i); } for (;;) { list.indexOf(-1); }"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("var text = 'x'; for (;;) { text += text; }")]
    [InlineData("var chunk = 'x', list = []; while (chunk.length < 1000000) { chunk += chunk; } for (;;) { list.push(chunk + list.length); }")]
    public async Task A_script_that_takes_all_memory_is_stopped(string script) =>
        Assert.Contains("more than 256 MiB of memory", await AssertFaultsAsync("JavaScript", script), StringComparison.Ordinal);

    [Theory]
    [InlineData("CSharp", "System.IO.File.ReadAllText(\"/etc/passwd\")")]
    [InlineData("Python", "open('/etc/passwd').read()")]
    [InlineData("Liquid", "{{ 'now' | date: '%Y' }}")]
    public async Task Languages_without_limits_are_not_evaluated(string language, string script) => await AssertFaultsAsync(language, script);

    private async Task<string> AssertFaultsAsync(string language, string script)
    {
        await using var engine = new Engine(_folder);
        var run = await engine.RunAsync(new JsonObject
        {
            ["definitionId"] = "sandbox",
            ["name"] = "sandbox",
            ["root"] = new JsonObject
            {
                ["id"] = "line",
                ["type"] = "Elsa.WriteLine",
                ["version"] = 1,
                ["text"] = new JsonObject
                {
                    ["typeName"] = "String",
                    ["expression"] = new JsonObject { ["type"] = language, ["value"] = script },
                },
            },
        }.ToJsonString());
        Assert.Equal(WorkflowSubStatus.Suspended, run.SubStatus);
        var incident = Assert.Single(run.Incidents);
        Assert.Empty(await engine.LinesAsync(run.Id));
        return $"{incident.Message} {incident.Detail}";
    }

    public void Dispose() => _folder.Dispose();
}
