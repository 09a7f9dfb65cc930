using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace VmCluster.Host.Web;

/// <summary>
/// The defence against forged requests. A browser sends our cookie along whichever page asks, and to browsers every port
/// of this computer is the same site; but it also says where the request comes from, and a page cannot change that.
/// </summary>
internal static class SameOrigin
{
    public static void UseSameOrigin(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (IsOurs(context.Request))
            await next(context);
        else
            await context.RefuseAsync(StatusCodes.Status403Forbidden, "Requests from another web page are refused.");
    });

    private static bool IsOurs(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}")
            return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none") && !IsNavigation(request))
            return false;

        // Browsers name the origin of whatever can change something; a script that brings its token need not.
        return origin.Length > 0 || !ChangesSomething(request) || request.Headers.Authorization.Count > 0;
    }

    private static bool ChangesSomething(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || request.Headers.ContainsKey(HeaderNames.Upgrade);

    private static bool IsNavigation(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"] == "document";
}
