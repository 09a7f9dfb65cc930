using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using VmCluster.EndToEnd.Support;

namespace VmCluster.EndToEnd.Studio;

/// <summary>The real <c>vmcluster serve</c> on a data folder of the tests', and its API as a script would call it.</summary>
public sealed class StudioServer : IAsyncDisposable
{
    private readonly TestHome _home;
    private readonly HttpClient _http = new();
    private RunningCli _cli;

    private StudioServer(TestHome home, RunningCli cli)
    {
        _home = home;
        _cli = cli;
    }

    /// <summary>Signs one browser in.</summary>
    public Uri Link { get; private set; } = null!;

    public string Address => Link.GetLeftPart(UriPartial.Authority);

    public static async Task<StudioServer> StartAsync(TestHome home)
    {
        var server = new StudioServer(home, new VmClusterCli(home).Start("serve", "--port", "0"));
        await server.ConnectAsync();
        return server;
    }

    /// <summary>Stops the server with a signal and starts it again on the same port.</summary>
    public async Task RestartAsync(int signal)
    {
        _cli.Signal(signal);
        await _cli.WaitForExitAsync();
        _cli.Dispose();
        _cli = new VmClusterCli(_home).Start("serve", "--port", $"{Link.Port}");
        await ConnectAsync();
    }

    public async Task<JsonNode> GetAsync(string path) => (await _http.GetFromJsonAsync<JsonNode>(Address + path))!;

    /// <summary>Sends a body and returns the answer, null where there is none.</summary>
    public async Task<JsonNode?> PostAsync(string path, JsonNode body)
    {
        using var response = await _http.PostAsJsonAsync(Address + path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {path}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    /// <summary>Stores a flowchart of steps, one behind the other, under an id and a name and publishes it.</summary>
    public Task ImportAsync(string id, params JsonObject[] steps) => ImportAsync(Workflows.Chain(id, steps));

    /// <summary>Stores a definition and publishes it.</summary>
    public Task ImportAsync(JsonObject definition) => PostAsync("/elsa/api/workflow-definitions", new JsonObject { ["publish"] = true, ["model"] = definition });

    /// <summary>A workflow's latest, published or numbered version.</summary>
    public Task<JsonNode> DefinitionAsync(string id, string version = "Latest") => GetAsync($"/elsa/api/workflow-definitions/by-definition-id/{id}?versionOptions={version}");

    /// <summary>Waits until the draft that the editor saves by itself has come to hold something.</summary>
    public Task WaitForDraftAsync(string id, Func<JsonNode, bool> holds) => Moment.WaitUntilAsync(
        $"the draft of {id} is saved", async () => await DefinitionAsync(id) is var draft && !(bool)draft["isPublished"]! && holds(draft));

    /// <summary>Starts the published version and returns the run's id.</summary>
    public async Task<string> RunAsync(string definitionId)
    {
        using var response = await _http.PostAsJsonAsync($"{Address}/elsa/api/workflow-definitions/{definitionId}/execute", new { versionOptions = "Published" });
        response.EnsureSuccessStatusCode();
        return response.Headers.GetValues("x-elsa-workflow-instance-id").Single();
    }

    /// <summary>Waits until a run has come to a sub-status.</summary>
    public Task WaitForAsync(string runId, string subStatus) => Moment.WaitUntilAsync(
        $"run {runId} is {subStatus}",
        async () => (string?)(await GetAsync($"/api/runs/{runId}"))["subStatus"] == subStatus);

    /// <summary>The lines that a run wrote.</summary>
    public async Task<IEnumerable<string?>> LinesAsync(string runId) => (await GetAsync($"/elsa/api/workflow-instances/{runId}/journal?skip=0&take=1000"))["items"]!.AsArray()
        .Where(entry => (string?)entry!["activityType"] == "Elsa.WriteLine" && (string?)entry["eventName"] == "Completed")
        .Select(entry => (string?)entry!["payload"]?["Text"])
        .Where(text => text is not null);

    public async ValueTask DisposeAsync()
    {
        _cli.Signal(Signals.Interrupt);
        await _cli.WaitForExitAsync();
        _cli.Dispose();
        _http.Dispose();
    }

    private async Task ConnectAsync()
    {
        var line = await _cli.FirstLineAsync() ?? (await _cli.WaitAsync()).Expect(0).Output;
        Link = new Uri(line);
        var token = (await File.ReadAllTextAsync(Path.Combine(_home.Root, "web", "token"))).Trim();
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }
}
