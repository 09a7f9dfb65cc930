using System.Text.RegularExpressions;

namespace VmCluster.Activities.Images;

/// <summary>Where an image comes from, as the user named it.</summary>
/// <param name="Name">As the user named it, without the checksum.</param>
internal abstract partial record ImageSource(string Name)
{
    private const string ChecksumMark = "#sha256=";

    /// <exception cref="ImageException">It is neither a known name nor a path nor a URL with a checksum.</exception>
    public static ImageSource Parse(string image, IReadOnlyList<CatalogEntry> catalog)
    {
        var mark = image.LastIndexOf(ChecksumMark, StringComparison.OrdinalIgnoreCase);
        var name = mark < 0 ? image : image[..mark];
        var checksum = mark < 0 ? null : image[(mark + ChecksumMark.Length)..].ToLowerInvariant();
        if (checksum is not null && !ChecksumPattern().IsMatch(checksum))
            throw new ImageException($"The checksum of image '{name}' is no SHA-256", $"Write 64 hexadecimal digits behind '{ChecksumMark}'.");

        if (catalog.FirstOrDefault(entry => entry.Name == name) is { } known)
            return known.Recipe is null ? new DownloadedImage(name, known.Url!, known.Sha256!) : new BuiltImage(known);
        if (Uri.TryCreate(name, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return checksum is not null
                ? new DownloadedImage(name, url, checksum)
                : throw new ImageException($"The image '{name}' has no checksum", $"Write the published one behind it: '{name}{ChecksumMark}...'.");
        }

        if (Path.IsPathRooted(name))
            return new LocalImage(name, checksum);
        throw new ImageException(
            $"There is no image '{name}'",
            $"Known are {string.Join(", ", catalog.Select(entry => entry.Name))}; or give an absolute path, or a URL with {ChecksumMark}... behind it.");
    }

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ChecksumPattern();
}

/// <summary>An image that is built here.</summary>
internal sealed record BuiltImage(CatalogEntry Entry) : ImageSource(Entry.Name);

/// <summary>An image that is downloaded and must have this checksum.</summary>
internal sealed record DownloadedImage(string Name, Uri Url, string Sha256) : ImageSource(Name);

/// <summary>A file on this computer.</summary>
internal sealed record LocalImage(string Path, string? Sha256) : ImageSource(Path)
{
    /// <summary>Whether it is an installer's; such a file is used where it lies.</summary>
    public bool IsIso => File.Exists(Path) && DiskHeader.IsIso(Path);
}
