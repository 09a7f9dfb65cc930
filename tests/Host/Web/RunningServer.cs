using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using VmCluster.Activities;
using VmCluster.Host.Web;
using VmCluster.Workflows;

namespace VmCluster.Host.Tests.Web;

/// <summary>The web host on a free port of this computer, with a data folder of its own and a small package in the place of Studio.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private RunningServer(WebApplication app, Access access, DataFolder folder)
    {
        _app = app;
        Access = access;
        Folder = folder;
        Address = app.Address();
    }

    public DataFolder Folder { get; }

    public IServiceProvider Services => _app.Services;

    public Access Access { get; }

    /// <summary>For instance <c>http://127.0.0.1:40123</c>.</summary>
    public string Address { get; }

    /// <summary>Every method and path pattern that the server answers.</summary>
    public IEnumerable<(HttpMethod Method, RoutePattern Pattern)> Endpoints =>
        from endpoint in ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (new HttpMethod(method), endpoint.RoutePattern);

    public static Task<RunningServer> StartAsync(Action<IServiceCollection>? addServices = null) =>
        StartAsync(new DataFolder(Directory.CreateTempSubdirectory("vmc").FullName), addServices);

    public static async Task<RunningServer> StartAsync(DataFolder folder, Action<IServiceCollection>? addServices = null)
    {
        var package = Path.Combine(folder.Root, "package");
        await WritePackageAsync(package);
        var access = await Access.OpenAsync(folder, TimeProvider.System, CancellationToken.None);
        var app = WebServer.Create(new WebOptions { Folder = folder, Studio = package, Port = 0 }, access, services =>
        {
            services.AddWorkflows(new WorkflowOptions { DatabasePath = folder.Database }, typeof(DataFolder).Assembly).AddVmCluster(folder);
            addServices?.Invoke(services);
        });
        await app.StartAsync();
        return new RunningServer(app, access, folder);
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers) => SendAsync(method, path, null, headers);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Address + path) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _http.SendAsync(request);
    }

    /// <summary>Opens a one-time link and returns the header that a browser would send from then on.</summary>
    public async Task<(string Name, string Value)> SignInAsync()
    {
        using var response = await SendAsync(HttpMethod.Get, SignIn.Link("", Access.NewLinkKey()));
        return ("Cookie", SetCookie(response).Split(';')[0]);
    }

    public async Task<(string Name, string Value)> TokenAsync() => ("Authorization", $"Bearer {(await File.ReadAllTextAsync(Access.TokenPath)).Trim()}");

    public static string SetCookie(HttpResponseMessage response) => Assert.Single(response.Headers.GetValues("Set-Cookie"));

    /// <summary>Stops the server and leaves its data folder.</summary>
    public async Task StopAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder.Root, recursive: true);
    }

    private static async Task WritePackageAsync(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "_framework"));
        Directory.CreateDirectory(Path.Combine(folder, "_content"));
        foreach (var (path, text) in new[]
        {
            ("_framework/Some.Assembly.0123456789.wasm", "plain"),
            ("_framework/Some.Assembly.0123456789.wasm.br", "brotli"),
            ("_framework/Some.Assembly.0123456789.wasm.gz", "gzip"),
            ("_framework/dotnet.js", "script"),
            ("_content/style.css", "style"),
            ("appsettings.json", "{\"Backend\":{\"Url\":\"https://localhost:5001/elsa/api\"}}"),
        })
            await File.WriteAllTextAsync(Path.Combine(folder, path), text);
    }
}
