using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using VmCluster.Host.Tests.Web;

namespace VmCluster.Host.Tests.Live;

/// <summary>A viewer's connection to the hub: SignalR's JSON protocol over a web socket, messages ended by the record separator.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private const char End = '\u001e';

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<JsonNode> _received = new();
    private readonly StringBuilder _rest = new();

    public static async Task<HubClient> ConnectAsync(RunningServer server)
    {
        var client = new HubClient();
        var (name, value) = await server.TokenAsync();
        client._socket.Options.SetRequestHeader(name, value);
        await client._socket.ConnectAsync(new Uri(server.Address.Replace("http://", "ws://", StringComparison.Ordinal) + "/elsa/hubs/workflow-instance"), CancellationToken.None);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        await client.ReadAsync();
        return client;
    }

    /// <summary>Asks for the changes of a run; returns when the hub has taken it.</summary>
    public async Task ObserveAsync(string runId)
    {
        await SendAsync($$"""{"type":1,"invocationId":"1","target":"ObserveInstanceAsync","arguments":["{{runId}}"]}""");
        while ((string?)(await ReadAsync())["invocationId"] != "1")
        {
            // Pings come in between.
        }
    }

    /// <summary>The calls up to the first of that name.</summary>
    public async Task<IReadOnlyList<(string Target, JsonNode Argument)>> ReadUntilAsync(string target)
    {
        var calls = new List<(string Target, JsonNode Argument)>();
        do
        {
            if (await ReadAsync() is var message && (int?)message["type"] == 1)
                calls.Add(((string)message["target"]!, message["arguments"]![0]!));
        }
        while (calls.Count == 0 || calls[^1].Target != target);
        return calls;
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SendAsync(string message) => _socket.SendAsync(Encoding.UTF8.GetBytes(message + End), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task<JsonNode> ReadAsync()
    {
        var buffer = new byte[8192];
        while (_received.Count == 0)
        {
            var result = await _socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
            _rest.Append(Encoding.UTF8.GetString(buffer, 0, result.Count));
            var parts = _rest.ToString().Split(End);
            _rest.Clear().Append(parts[^1]);
            foreach (var part in parts[..^1])
                _received.Enqueue(JsonNode.Parse(part)!);
        }

        return _received.Dequeue();
    }
}
