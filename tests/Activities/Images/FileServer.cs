using System.Net;
using System.Net.Sockets;

namespace VmCluster.Activities.Tests.Images;

/// <summary>A web server on 127.0.0.1 that hands out bytes as a test says.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Dictionary<string, Action<HttpListenerResponse>> _answers = [];
    private int _requests;

    public FileServer()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public int Requests => _requests;

    public Uri Serve(string path, byte[] content) => Serve(path, response =>
    {
        response.ContentLength64 = content.Length;
        response.OutputStream.Write(content);
    });

    public Uri Serve(string path, Action<HttpListenerResponse> answer)
    {
        _answers[path] = answer;
        return new Uri(Address, path);
    }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                Interlocked.Increment(ref _requests);
                if (_answers.TryGetValue(context.Request.Url!.AbsolutePath, out var answer))
                    answer(context.Response);
                else
                    context.Response.StatusCode = 404;
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException or InvalidOperationException)
            {
                // The client went away, or the test is over.
            }
        }
    }
}
