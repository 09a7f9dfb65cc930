using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace VmCluster.Activities.Images;

/// <summary>Brings a file from the web or from this computer into the cache and computes its SHA-256 on the way.</summary>
internal sealed class ImageDownloader(TimeProvider timeProvider) : IDisposable
{
    private const int MaxRedirects = 10;

    // A server that sends nothing for so long will not send anything.
    private static readonly TimeSpan StallTimeout = TimeSpan.FromMinutes(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = StallTimeout }) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose() => _http.Dispose();

    /// <summary>Downloads to a file; returns the SHA-256 of what was written, in hexadecimal digits.</summary>
    /// <exception cref="ImageException">The server cannot be reached, says no, or breaks off; or the disk is full.</exception>
    public async Task<string> DownloadAsync(DownloadedImage image, string target, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await GetAsync(image.Url, cancellationToken);
            response.EnsureSuccessStatusCode();
            var length = response.Content.Headers.ContentLength;
            if (length > new DriveInfo(Path.GetDirectoryName(target)!).AvailableFreeSpace)
                throw ImageExceptions.NoSpace(image.Name, Path.GetDirectoryName(target)!, length);

            await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await WriteAsync(source, target, length, "downloading " + image.Name, progress, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException or TimeoutException)
        {
            throw new ImageException($"The image '{image.Name}' could not be downloaded from {image.Url}: {e.Message}", "Look whether the computer is online and the address is right, then retry the step.", e);
        }
        catch (IOException e) when (ImageExceptions.IsNoSpace(e))
        {
            throw ImageExceptions.NoSpace(image.Name, Path.GetDirectoryName(target)!, neededBytes: null, e);
        }
    }

    /// <summary>Copies a file of this computer; returns the SHA-256 of what was written.</summary>
    public async Task<string> CopyAsync(LocalImage image, string target, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = File.OpenRead(image.Path);
            return await WriteAsync(source, target, source.Length, "copying " + image.Name, progress, cancellationToken);
        }
        catch (IOException e) when (ImageExceptions.IsNoSpace(e))
        {
            throw ImageExceptions.NoSpace(image.Name, Path.GetDirectoryName(target)!, neededBytes: null, e);
        }
    }

    private async Task<HttpResponseMessage> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .WaitAsync(StallTimeout, timeProvider, cancellationToken);
            if (response.Headers.Location is not { } location || response.StatusCode is < HttpStatusCode.MovedPermanently or > HttpStatusCode.PermanentRedirect)
                return response;
            response.Dispose();
            if (redirects == MaxRedirects)
                throw new HttpRequestException(string.Create(CultureInfo.InvariantCulture, $"more than {MaxRedirects} redirections"));

            // Also from https to http, where archives of old images are: it is the checksum that makes the file trustworthy.
            url = new Uri(url, location);
        }
    }

    private async Task<string> WriteAsync(Stream source, string target, long? length, string what, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var buffer = new byte[1 << 17];
        long done = 0;
        var reported = 0L;
        int count;
        while ((count = await source.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(StallTimeout, timeProvider, cancellationToken)) > 0)
        {
            hash.AppendData(buffer.AsSpan(0, count));
            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            done += count;

            // Each MiB, or each hundredth of what is larger, and the end.
            if (done - reported < Math.Max(1 << 20, (length ?? 0) / 100) && done != length)
                continue;
            reported = done;
            var message = length is { } total ? $"{what}: {done >> 20} of {total >> 20} MiB" : $"{what}: {done >> 20} MiB";
            progress?.Report(new ImageProgress(message, length is > 0 ? (double)done / length : null));
        }

        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
