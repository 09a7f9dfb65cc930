using System.Net;
using Microsoft.AspNetCore.Routing.Patterns;
using VmCluster.Activities;
using VmCluster.Host.Web;

namespace VmCluster.Host.Tests.Web;

public sealed class SecurityTests
{
    private const string Protected = "/studio/";

    [Theory]
    [InlineData("/")]
    [InlineData("/studio/")]
    [InlineData("/studio/appsettings.json")]
    [InlineData("/shell/shell.js")]
    [InlineData("/elsa/api/workflow-definitions")]
    [InlineData("/elsa/hubs/workflow-instance/negotiate")]
    [InlineData("/api/clusters")]
    [InlineData("/no/such/page")]
    public async Task Being_on_this_computer_is_not_enough_to_be_let_in(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("Open the link", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_address_of_the_server_answers_a_stranger_but_the_sign_in()
    {
        await using var server = await RunningServer.StartAsync();
        var endpoints = server.Endpoints.Where(endpoint => endpoint.Pattern.RawText != "/sign-in").ToList();
        Assert.NotEmpty(endpoints);
        foreach (var (method, pattern) in endpoints)
        {
            var path = string.Concat(pattern.PathSegments.Select(segment => "/" + string.Concat(segment.Parts.Select(part => part is RoutePatternLiteralPart literal ? literal.Content : "x"))));
            using var response = await server.SendAsync(method, path, ("Origin", server.Address));
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_link_signs_one_browser_in_and_then_no_other()
    {
        await using var server = await RunningServer.StartAsync();
        var link = SignIn.Link("", server.Access.NewLinkKey());
        using var first = await server.SendAsync(HttpMethod.Get, link);
        using var second = await server.SendAsync(HttpMethod.Get, link);
        using var page = await server.SendAsync(HttpMethod.Get, Protected, ("Cookie", RunningServer.SetCookie(first).Split(';')[0]));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.False(second.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task A_new_link_ends_the_one_before()
    {
        await using var server = await RunningServer.StartAsync();
        var old = server.Access.NewLinkKey();
        var next = server.Access.NewLinkKey();
        Assert.Null(await server.Access.RedeemAsync(old, CancellationToken.None));
        Assert.NotNull(await server.Access.RedeemAsync(next, CancellationToken.None));
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, SignIn.Link("", server.Access.NewLinkKey()));
        var cookie = RunningServer.SetCookie(response);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_browser_stays_signed_in_over_a_restart_of_the_server()
    {
        var folder = new DataFolder(Directory.CreateTempSubdirectory("vmc").FullName);
        var before = await RunningServer.StartAsync(folder);
        var secret = (await before.SignInAsync()).Value.Split('=', 2)[1];
        await before.StopAsync();

        await using var after = await RunningServer.StartAsync(folder);
        Assert.True(after.Access.IsSession(secret));
    }

    [Fact]
    public async Task A_session_ends_after_a_week()
    {
        var folder = new DataFolder(Directory.CreateTempSubdirectory("vmc").FullName);
        var time = new ManualTime();
        var access = await Access.OpenAsync(folder, time, CancellationToken.None);
        var secret = await access.RedeemAsync(access.NewLinkKey(), CancellationToken.None);
        time.Now += TimeSpan.FromDays(6.9);
        Assert.True(access.IsSession(secret!));
        time.Now += TimeSpan.FromDays(0.2);
        Assert.False(access.IsSession(secret!));
        Directory.Delete(folder.Root, recursive: true);
    }

    [Fact]
    public async Task Files_with_credentials_are_for_their_owner_alone()
    {
        await using var server = await RunningServer.StartAsync();
        await server.SignInAsync();
        var web = Path.GetDirectoryName(server.Access.TokenPath)!;
        Assert.Equal(2, Directory.GetFiles(web).Length);
        Assert.All(Directory.GetFiles(web), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(web));
    }

    [Fact]
    public async Task The_sessions_file_gives_no_session_away()
    {
        await using var server = await RunningServer.StartAsync();
        var secret = (await server.SignInAsync()).Value.Split('=', 2)[1];
        var stored = await File.ReadAllTextAsync(Path.Combine(server.Folder.Root, "web", "sessions"));
        Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
        Assert.False(server.Access.IsSession(stored.Split(' ')[0]));
    }

    [Fact]
    public async Task Every_installation_has_a_token_of_its_own()
    {
        await using var one = await RunningServer.StartAsync();
        await using var other = await RunningServer.StartAsync();
        var (name, value) = await one.TokenAsync();
        Assert.True(value.Length > 40);
        using var response = await other.SendAsync(HttpMethod.Get, Protected, (name, value));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("ApiKey 00000000-0000-0000-0000-000000000000")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic YWRtaW46cGFzc3dvcmQ=")]
    public async Task No_default_key_or_password_opens_the_door(string authorization)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, Protected, ("Authorization", authorization));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_credential_opens_only_the_door_it_is_for()
    {
        await using var server = await RunningServer.StartAsync();
        var (_, cookie) = await server.SignInAsync();
        var name = cookie.Split('=')[0];
        var token = (await server.TokenAsync()).Value["Bearer ".Length..];
        var key = server.Access.NewLinkKey();
        foreach (var header in new[] { ("Authorization", $"Bearer {cookie[(name.Length + 1)..]}"), ("Authorization", $"Bearer {key}"), ("Cookie", $"{name}={token}"), ("Cookie", $"{name}={key}") })
        {
            using var response = await server.SendAsync(HttpMethod.Get, Protected, header);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        using var atTheLink = await server.SendAsync(HttpMethod.Get, SignIn.Link("", token));
        Assert.Equal(HttpStatusCode.Unauthorized, atTheLink.StatusCode);
    }

    [Fact]
    public async Task A_script_comes_in_with_the_token()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, Protected, await server.TokenAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:7420")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task A_name_that_was_made_to_lead_here_is_refused(string host)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, Protected, await server.TokenAsync(), ("Host", host));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Another_page_cannot_change_anything_with_our_cookie()
    {
        await using var server = await RunningServer.StartAsync();
        var cookie = await server.SignInAsync();
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
        {
            using var forged = await server.SendAsync(method, "/api/anything", cookie, ("Origin", "http://evil.example"));
            using var otherPort = await server.SendAsync(method, "/api/anything", cookie, ("Origin", "http://127.0.0.1:3000"));
            using var hidden = await server.SendAsync(method, "/api/anything", cookie, ("Origin", "null"));
            using var silent = await server.SendAsync(method, "/api/anything", cookie);
            using var own = await server.SendAsync(method, "/api/anything", cookie, ("Origin", server.Address));
            Assert.All([forged, otherPort, hidden, silent], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
            Assert.Equal(HttpStatusCode.NotFound, own.StatusCode);
        }
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task Another_page_cannot_embed_or_fetch_ours(string site)
    {
        await using var server = await RunningServer.StartAsync();
        var cookie = await server.SignInAsync();
        using var fetched = await server.SendAsync(HttpMethod.Get, Protected, cookie, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "script"));
        using var framed = await server.SendAsync(HttpMethod.Get, Protected, cookie, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe"));
        using var followed = await server.SendAsync(HttpMethod.Get, Protected, cookie, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"));
        Assert.Equal(HttpStatusCode.Forbidden, fetched.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, framed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, followed.StatusCode);
    }

    [Fact]
    public async Task Another_page_cannot_open_a_socket()
    {
        await using var server = await RunningServer.StartAsync();
        var cookie = await server.SignInAsync();
        using var response = await server.SendAsync(
            HttpMethod.Get, "/elsa/hubs/workflow-instance", cookie, ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Origin", "http://127.0.0.1:3000"));
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("/studio/")]
    [InlineData("/no/such/page")]
    public async Task Every_answer_forbids_foreign_scripts_and_frames(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(HttpMethod.Get, path, await server.SignInAsync());
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval'", policy.Replace("wasm-unsafe-eval'", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self' 'unsafe-inline'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_server_listens_on_this_computer_only()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.True(IPAddress.IsLoopback(IPAddress.Parse(new Uri(server.Address).Host)));
    }

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
