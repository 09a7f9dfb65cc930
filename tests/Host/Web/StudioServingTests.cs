using System.Net;

namespace VmCluster.Host.Tests.Web;

public sealed class StudioServingTests
{
    private const string Assembly = "/studio/_framework/Some.Assembly.0123456789.wasm";

    [Theory]
    [InlineData("gzip, deflate, br", "br", "brotli")]
    [InlineData("gzip", "gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip", "gzip")]
    [InlineData("identity", null, "plain")]
    public async Task A_file_comes_in_the_best_form_that_the_browser_takes(string accepted, string? encoding, string content)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, Assembly, await server.SignInAsync(), ("Accept-Encoding", accepted));
        Assert.Equal(content, await response.Content.ReadAsStringAsync());
        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("application/wasm", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
    }

    [Fact]
    public async Task A_page_can_tell_one_start_of_the_server_from_the_next()
    {
        await using var server = await RunningServer.StartAsync();
        await using var next = await RunningServer.StartAsync();
        Assert.Equal(await InstanceAsync(server), await InstanceAsync(server));
        Assert.NotEqual(await InstanceAsync(server), await InstanceAsync(next));

        static async Task<string> InstanceAsync(RunningServer server)
        {
            using var response = await server.SendAsync(HttpMethod.Head, "/shell/icon.svg", await server.SignInAsync());
            return Assert.Single(response.Headers.GetValues("Vm-Instance"));
        }
    }

    [Fact]
    public async Task Files_with_a_fingerprint_are_kept_and_others_asked_for_again()
    {
        await using var server = await RunningServer.StartAsync();
        var cookie = await server.SignInAsync();
        using var fingerprinted = await server.SendAsync(HttpMethod.Get, Assembly, cookie);
        using var named = await server.SendAsync(HttpMethod.Get, "/studio/_framework/dotnet.js", cookie);
        using var again = await server.SendAsync(HttpMethod.Get, "/studio/_framework/dotnet.js", cookie, ("If-None-Match", named.Headers.ETag!.ToString()));
        Assert.Contains("immutable", fingerprinted.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.True(named.Headers.CacheControl!.NoCache);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory]
    [InlineData("/studio/")]
    [InlineData("/studio/workflows/definitions")]
    [InlineData("/studio/workflows/definitions/build-cluster/edit")]
    [InlineData("/studio/workflows/instances/0123/view")]
    [InlineData("/studio/clusters")]
    public async Task Every_page_resolves_after_a_reload(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, path, await server.SignInAsync());
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("<base href=\"/studio/\">", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/workflows/definitions/abc/edit", "/studio/workflows/definitions/abc/edit")]
    [InlineData("/workflows/instances?page=2", "/studio/workflows/instances?page=2")]
    [InlineData("/diagnostics/structured-logs?workflowInstanceId=abc", "/studio/workflows/instances/abc/log")]
    [InlineData("/", "/studio/")]
    public async Task Links_of_Studio_that_leave_its_folder_lead_back(string path, string target)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, path, await server.SignInAsync());
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(target, response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task The_shipped_example_address_of_a_server_is_never_seen()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, "/studio/appsettings.json", await server.SignInAsync());
        Assert.Equal($$$"""{"Backend":{"url":"{{{server.Address}}}/elsa/api"}}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/studio/..%2f..%2fweb%2ftoken")]
    [InlineData("/studio/%2e%2e/web/token")]
    [InlineData("/studio/_framework/..%2f..%2f..%2fweb/token")]
    [InlineData("/shell/..%2fpackage-lock.json")]
    [InlineData("/studio/_framework/missing.js")]
    public async Task Nothing_outside_the_package_is_served(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, path, await server.SignInAsync());
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
