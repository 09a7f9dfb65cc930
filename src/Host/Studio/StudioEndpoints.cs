using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.FileProviders;

namespace VmCluster.Host.Studio;

/// <summary>Studio's files and our page around them, all below <c>/studio/</c>: the page's own address must lie below its base.</summary>
internal static class StudioEndpoints
{
    private static readonly string[] GetOrHead = [HttpMethods.Get, HttpMethods.Head];

    public static void MapStudio(this IEndpointRouteBuilder app, string package)
    {
        var build = typeof(StudioEndpoints).Module.ModuleVersionId.ToString("N");
        var studio = new StudioFiles(new PhysicalFileProvider(package), StudioPackage.Version());
        var shell = new StudioFiles(new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "Studio", "wwwroot")), build);

        app.MapGet("/", () => TypedResults.Redirect("/studio/"));
        app.MapMethods("/shell/{**path}", GetOrHead, (string path, HttpContext context) => shell.Find(path, context) ?? TypedResults.NotFound());

        // Studio takes the server's address from its elements; this keeps the shipped example address out of sight.
        app.MapGet("/studio/appsettings.json", (HttpContext context) => TypedResults.Json(new Dictionary<string, object>
        {
            ["Backend"] = new { Url = $"{context.Request.Scheme}://{context.Request.Host}/elsa/api" },
        }));
        app.MapMethods("/studio/{**path}", GetOrHead, (string? path, HttpContext context) =>
            IsPage(path) ? shell.Find("index.html", context)! : studio.Find(path!, context) ?? TypedResults.NotFound());

        // Studio's viewer links to these as if it were mounted at the root.
        app.MapGet("/workflows/{**path}", (string path, HttpRequest request) => TypedResults.Redirect($"/studio/workflows/{path}{request.QueryString}"));
        app.MapGet("/diagnostics/structured-logs", (string workflowInstanceId) =>
            TypedResults.Redirect($"/studio/workflows/instances/{Uri.EscapeDataString(workflowInstanceId)}/log"));
    }

    private static bool IsPage(string? path) =>
        string.IsNullOrEmpty(path) || path == "clusters" || path.StartsWith("workflows/", StringComparison.Ordinal);
}
