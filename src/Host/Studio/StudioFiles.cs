using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace VmCluster.Host.Studio;

/// <summary>Serves a folder's files, in the compressed form that stands beside them where the client takes it.</summary>
/// <param name="files">The folder.</param>
/// <param name="version">Changes whenever a file of the folder does: npm gives all files one date, and lengths repeat.</param>
internal sealed partial class StudioFiles(IFileProvider files, string version)
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new()
    {
        Mappings = { [".dat"] = "application/octet-stream", [".map"] = "application/json", [".scss"] = "text/plain", [".cur"] = "image/x-icon" },
    };

    /// <summary>The answer for a path below the folder; null where there is no such file.</summary>
    public IResult? Find(string path, HttpContext context)
    {
        if (!ContentTypes.TryGetContentType(path, out var type) || files.GetFileInfo(path) is not { Exists: true } plain)
            return null;

        var (file, encoding) = Choose(path, plain, context.Request);
        var headers = context.Response.Headers;
        if (encoding is not null)
            headers.ContentEncoding = encoding;
        headers.Vary = HeaderNames.AcceptEncoding;
        // Names with a fingerprint never change their content; all others are asked for again and answered by 304.
        headers.CacheControl = Fingerprint().IsMatch(path) ? "private, max-age=31536000, immutable" : "no-cache";
        return TypedResults.PhysicalFile(file.PhysicalPath!, type, entityTag: new EntityTagHeaderValue($"\"{version}-{encoding}\""));
    }

    private (IFileInfo File, string? Encoding) Choose(string path, IFileInfo plain, HttpRequest request)
    {
        foreach (var (extension, encoding) in new[] { (".br", "br"), (".gz", "gzip") })
        {
            if (Accepts(request, encoding) && files.GetFileInfo(path + extension) is { Exists: true } compressed)
                return (compressed, encoding);
        }

        return (plain, null);
    }

    private static bool Accepts(HttpRequest request, string encoding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(accepted => accepted.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && accepted.Quality is not 0);

    [GeneratedRegex(@"^_framework/.*\.[a-z0-9]{10}\.[a-z]+$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fingerprint();
}
