using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Host.Cli;
using VmCluster.Host.Tests.Web;
using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Tests.Api;

/// <summary>The real host with the shipped workflows, asked over HTTP as a script would.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly RunningServer _server;
    private readonly (string Name, string Value) _token;

    private ApiServer(RunningServer server, (string Name, string Value) token)
    {
        _server = server;
        _token = token;
    }

    public RunningServer Server => _server;

    public WorkflowRuntime Runtime => _server.Services.GetRequiredService<WorkflowRuntime>();

    public RunStore Runs => _server.Services.GetRequiredService<RunStore>();

    public DefinitionStore Definitions => _server.Services.GetRequiredService<DefinitionStore>();

    public static async Task<ApiServer> StartAsync()
    {
        var server = await RunningServer.StartAsync();
        var api = new ApiServer(server, await server.TokenAsync());
        await api.SeedAsync();
        return api;
    }

    /// <summary>What each start of the server does.</summary>
    public Task SeedAsync() => ShippedWorkflows.SeedAsync(Definitions, Path.Combine(AppContext.BaseDirectory, "workflows"), CancellationToken.None);

    /// <summary>Path below <c>/elsa/api</c>.</summary>
    public async Task<JsonNode> GetAsync(string path) => await ReadAsync(await SendAsync(HttpMethod.Get, path));

    public async Task<JsonNode> PostAsync(string path, object? body = null) => await ReadAsync(await SendAsync(HttpMethod.Post, path, body));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null) =>
        _server.SendAsync(method, path.StartsWith("/api/", StringComparison.Ordinal) ? path : $"/elsa/api{path}", body is null ? null : JsonContent.Create(body), _token);

    public async Task<HttpResponseMessage> UploadAsync(string path, params (string Name, byte[] Content)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, content) in files)
            form.Add(new ByteArrayContent(content), "files", name);
        return await _server.SendAsync(HttpMethod.Post, $"/elsa/api{path}", form, _token);
    }

    /// <summary>Starts a workflow of activities in sequence and waits until nothing of it moves.</summary>
    public async Task<WorkflowInstance> RunAsync(params string[] activities)
    {
        var definition = await Definitions.ImportAsync(TestWorkflows.Sequence(activities));
        return await Runtime.WaitUntilAtRestAsync(await Runtime.StartAsync(definition, new StartOptions()), timersToo: false);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
            return JsonNode.Parse(text)!;
        }
    }
}
