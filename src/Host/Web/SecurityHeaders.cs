using Microsoft.AspNetCore.Builder;

namespace VmCluster.Host.Web;

/// <summary>Headers that keep other pages away from ours, and keep ours from loading anything from elsewhere.</summary>
internal static class SecurityHeaders
{
    // Two components of Studio 3.8.2 bring an inline script for keyboard shortcuts (editor, list of runs) without which they
    // fail; these are their hashes. Styles are set inline all over Studio; Monaco starts its workers from blobs.
    private const string EditorShortcuts = "'sha256-snlP1jz0gjwc5cTz9ErZcliXuCK63+Mmf68RRCeptgc='";
    private const string ListShortcuts = "'sha256-vu6sQrKXQHR4Yn3FMMihA/9TxxfIXnCxKwvLrTPJ5ts='";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {EditorShortcuts} {ListShortcuts}; style-src 'self' 'unsafe-inline'; "
            + $"img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws://{context.Request.Host}; worker-src 'self' blob:; "
            + "manifest-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(context);
    });
}
