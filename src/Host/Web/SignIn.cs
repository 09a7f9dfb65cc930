using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace VmCluster.Host.Web;

/// <summary>Lets in whoever has a session or the token, for every path but the sign-in itself; being on this computer is no credential.</summary>
internal static class SignIn
{
    private const string Path = "/sign-in";
    private const string Bearer = "Bearer ";

    /// <summary>The address that signs a browser in.</summary>
    public static string Link(string server, string key) => $"{server}{Path}?key={key}";

    public static void UseSignIn(this IApplicationBuilder app)
    {
        var access = app.ApplicationServices.GetRequiredService<Access>();
        app.Use(async (context, next) =>
        {
            if (Who(context.Request, access) is { } who)
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, $"{Environment.UserName} ({who})")], "vmcluster"));

            if (context.User.Identity is { IsAuthenticated: true } || context.Request.Path == Path)
                await next(context);
            else
                await context.RefuseAsync(StatusCodes.Status401Unauthorized, "You are not signed in. Open the link that 'vmcluster serve' printed last; scripts send the token of its token file.");
        });
    }

    public static void MapSignIn(this IEndpointRouteBuilder app) => app.MapGet(Path, async (string? key, HttpContext context, Access access) =>
    {
        if (await access.RedeemAsync(key ?? "", context.RequestAborted) is { } secret)
        {
            context.Response.Cookies.Append(CookieName(context.Request), secret, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
                Path = "/",
            });
        }
        else if (context.User.Identity is not { IsAuthenticated: true })
        {
            await context.RefuseAsync(StatusCodes.Status401Unauthorized, "This link was used already. Open the one that 'vmcluster serve' printed last.");
            return;
        }

        // A redirect would count as coming from the page that held the link, and the cookie would not go with it.
        await context.Response.WriteHtmlAsync("Signed in", "<p>Signed in. <a href=\"/studio/\">Continue</a></p>", "<meta http-equiv=\"refresh\" content=\"0;url=/studio/\">");
    });

    private static string? Who(HttpRequest request, Access access)
    {
        if (request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
            return authorization.StartsWith(Bearer, StringComparison.Ordinal) && access.IsToken(authorization[Bearer.Length..]) ? "script" : null;
        return request.Cookies[CookieName(request)] is { } secret && access.IsSession(secret) ? "browser" : null;
    }

    /// <summary>Browsers share cookies between the ports of a host, and two servers must not sign each other out.</summary>
    private static string CookieName(HttpRequest request) => $"vmcluster-{request.Host.Port ?? 80}";
}
