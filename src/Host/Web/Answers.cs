using System.Net;
using Microsoft.AspNetCore.Http;

namespace VmCluster.Host.Web;

/// <summary>The two shapes of an answer that is no success: a page for people, and what Studio shows as a message.</summary>
internal static class Answers
{
    /// <summary>Answers with one sentence that says what to do, or with several that Studio shows one by one.</summary>
    public static Task RefuseAsync(this HttpContext context, int status, string message, IReadOnlyList<string>? problems = null)
    {
        context.Response.StatusCode = status;
        return context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
            ? context.Response.WriteHtmlAsync("VmCluster", $"<p>{WebUtility.HtmlEncode(message)}</p>")
            : context.Response.WriteAsJsonAsync(new ErrorAnswer(status, message, new Errors(problems ?? [message])));
    }

    public static Task WriteHtmlAsync(this HttpResponse response, string title, string body, string head = "")
    {
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(
            $"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><link rel=\"icon\" href=\"data:,\">{head}"
            + $"<style>body{{font:16px/1.5 system-ui,sans-serif;margin:4rem auto;max-width:40rem;padding:0 1rem}}</style></head><body><h1>{title}</h1>{body}</body></html>");
    }

    private sealed record ErrorAnswer(int StatusCode, string Message, Errors Errors);

    private sealed record Errors(IReadOnlyList<string> GeneralErrors);
}
