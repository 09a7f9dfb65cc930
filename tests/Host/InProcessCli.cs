using VmCluster.EndToEnd.Support;
using VmCluster.Host.Cli;

namespace VmCluster.Host.Tests;

/// <summary>The program's own entry point, with writers in the place of the terminal, on a data folder of the test's own.</summary>
public sealed class InProcessCli : IDisposable
{
    private readonly TestHome _home = new();

    internal TestHome Home => _home;

    internal OwnerLock TakeOwnership() => OwnerLock.Take(_home.Folder, "vmcluster up other");

    public Task<CliResult> RunAsync(params string[] arguments) => RunAsync(arguments, outside => outside);

    internal async Task<CliResult> RunAsync(string[] arguments, Func<Surroundings, Surroundings> change)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var outside = change(new Surroundings
        {
            Out = output,
            Error = TextWriter.Synchronized(error),
            In = TextReader.Null,
            Folder = _home.Folder,
            Workflows = Path.Combine(AppContext.BaseDirectory, "workflows"),
        });
        var exitCode = await CommandLine.RunAsync(arguments, outside);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Waits until the one run, in another process, has begun an activity.</summary>
    public async Task WaitUntilStartedAsync(string activityType, RunningCli running)
    {
        var history = new RunHistory(_home.Folder.Database);
        await Moment.WaitUntilAsync($"{activityType} has begun, or the process has ended", async () => running.HasExited || await HasBegunAsync());
        if (!await HasBegunAsync())
            (await running.WaitAsync()).Expect(-1);

        async Task<bool> HasBegunAsync() => await history.RunsAsync() is [var run] && await history.StartedAsync(run.Id, activityType) > 0;
    }

    /// <summary>Writes a workflow file of activities in sequence and returns its path.</summary>
    public string Workflow(params string[] activities)
    {
        var path = Path.Combine(_home.Root, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, $$"""
            {
              "definitionId": "test-workflow", "name": "Test workflow", "version": 1, "isLatest": true, "isPublished": true,
              "inputs": [{ "name": "Name", "type": "String", "displayName": "Name" }],
              "root": { "id": "all", "type": "Elsa.Sequence", "version": 1, "activities": [{{string.Join(", ", activities)}}] }
            }
            """);
        return path;
    }

    /// <summary>An activity with its inputs as expressions of JavaScript.</summary>
    public static string Activity(string id, string type, params (string Input, string Script)[] inputs) =>
        $$"""{ "id": "{{id}}", "type": "Elsa.{{type}}", "version": 1 {{string.Concat(inputs.Select(input =>
            $$""", "{{input.Input}}": { "typeName": "Object", "expression": { "type": "JavaScript", "value": {{System.Text.Json.JsonSerializer.Serialize(input.Script)}} } }"""))}} }""";

    public static string WriteLine(string id, string script) => Activity(id, "WriteLine", ("text", script));

    public void Dispose() => _home.Dispose();
}
