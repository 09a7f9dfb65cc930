using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>
/// Speaks with a running QEMU over its machine protocol: JSON lines on a Unix socket. QEMU serves one client at a
/// time, so a connection is made for one command and given back at once.
/// </summary>
internal sealed class QmpClient(string socketPath, TimeProvider timeProvider)
{
    // The answer comes within milliseconds, unless others are before us or the computer is overloaded.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>QEMU's word for the state, for instance <c>running</c> or <c>io-error</c>; null where it does not answer.</summary>
    public async Task<string?> QueryStatusAsync(CancellationToken cancellationToken)
    {
        var answer = await ExecuteAsync("query-status", cancellationToken);
        return answer?.GetProperty("status").GetString();
    }

    /// <summary>Runs a command without arguments; null where QEMU does not answer.</summary>
    public async Task<JsonElement?> ExecuteAsync(string command, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), stop.Token);
            await using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            if (await reader.ReadLineAsync(stop.Token) is null)
                return null;
            await SendAsync(stream, "qmp_capabilities", stop.Token);
            if (await ReadReturnAsync(reader, stop.Token) is null)
                return null;
            await SendAsync(stream, command, stop.Token);
            return await ReadReturnAsync(reader, stop.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or JsonException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task SendAsync(NetworkStream stream, string command, CancellationToken cancellationToken) =>
        await stream.WriteAsync(Encoding.UTF8.GetBytes($$"""{"execute":"{{command}}"}""" + "\n"), cancellationToken);

    private static async Task<JsonElement?> ReadReturnAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        // Events may come before the answer.
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            using var message = JsonDocument.Parse(line);
            if (message.RootElement.TryGetProperty("return", out var value))
                return value.Clone();
            if (message.RootElement.TryGetProperty("error", out _))
                return null;
        }

        return null;
    }
}
