using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using VmCluster.Workflows;

namespace VmCluster.Host.Api;

/// <summary>Reads what is imported: JSON files, and zips of them. Nothing of a zip is written to the disk, so the paths in it have no meaning here.</summary>
/// <param name="read">Makes something of the file of this name, for messages, and content.</param>
internal sealed class JsonFiles<T>(Func<string, Stream, CancellationToken, Task<T>> read)
{
    /// <summary>What all zips together may grow to, so that a small one cannot fill the memory.</summary>
    private const int LargestContent = 50 * 1024 * 1024;

    /// <summary>The end of an empty zip. The framework's reader falls over what is shorter.</summary>
    private const int ShortestZip = 22;

    private int _left = LargestContent;

    /// <summary>Reads all files of a request.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
            throw new BadHttpRequestException("There is no file in the request. Send files as multipart/form-data.");

        var all = new List<T>();
        foreach (var file in (await ReadFormAsync(request)).Files)
        {
            await using var content = file.OpenReadStream();
            all.AddRange(await ReadAsync(file.FileName, content, request.HttpContext.RequestAborted));
        }

        return all;
    }

    private static async Task<IFormCollection> ReadFormAsync(HttpRequest request)
    {
        try
        {
            return await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"The files in the request cannot be read: {e.Message.TrimEnd('.')}. Send them as multipart/form-data.", e);
        }
    }

    /// <summary>Reads one file; a zip holds many.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        if (!name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            return [await read(name, content, cancellationToken)];

        try
        {
            if (content.Length < ShortestZip)
                throw new InvalidDataException();

            var all = new List<T>();
            await using var zip = await ZipArchive.CreateAsync(content, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
            foreach (var entry in zip.Entries.Where(entry => entry.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)))
            {
                await using var memory = await UnzipAsync(name, entry, cancellationToken);
                all.Add(await read(entry.FullName, memory, cancellationToken));
            }

            return all;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidZipException(name, "it is damaged or no zip at all", e);
        }
    }

    /// <summary>What the zip itself says of its size is not trusted.</summary>
    private async Task<MemoryStream> UnzipAsync(string name, ZipArchiveEntry entry, CancellationToken cancellationToken)
    {
        await using var stream = await entry.OpenAsync(cancellationToken);
        var memory = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if ((_left -= count) < 0)
                throw new InvalidZipException(name, $"it holds more than {LargestContent / 1024 / 1024} MiB, so import fewer files at once");
            memory.Write(buffer.AsSpan(0, count));
        }

        memory.Position = 0;
        return memory;
    }
}

/// <summary>A zip cannot be read.</summary>
internal sealed class InvalidZipException(string file, string why, Exception? innerException = null)
    : WorkflowException($"'{file}' cannot be read: {why}.", innerException);
