using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Images;

/// <summary>Makes and inspects disk files. A file that is made appears under its name when it is complete.</summary>
public sealed class QemuImg(ICommandRunner runner)
{
    private const string Program = "qemu-img";

    // Copying a large disk on a busy computer takes its time.
    private static readonly TimeSpan CopyTimeout = TimeSpan.FromMinutes(30);

    /// <summary>What the file says it is.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="format">The format to read it as; detected where null.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    /// <exception cref="CommandFailedException">It cannot be read as such.</exception>
    public async Task<DiskInfo> InfoAsync(string path, string? format, CancellationToken cancellationToken)
    {
        string[] asFormat = format is null ? [] : ["-f", format];
        var result = await runner.RunCheckedAsync(new Command(Program, ["info", .. asFormat, "--force-share", "--output=json", path]), cancellationToken);
        return DiskInfo.Parse(result.Output);
    }

    /// <summary>Makes a qcow2 file that holds the differences to another.</summary>
    /// <param name="path">Absolute path of the new file.</param>
    /// <param name="backing">Absolute path of the qcow2 file below it, which nobody may write to any more.</param>
    /// <param name="size">Size as the guest sees it, in bytes.</param>
    /// <param name="backingComesLater">True where <paramref name="backing"/> does not exist yet.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public Task CreateOverlayAsync(string path, string backing, long size, bool backingComesLater, CancellationToken cancellationToken)
    {
        string[] unchecked_ = backingComesLater ? ["-u"] : [];
        return MakeAsync(path, temporary => new Command(
            Program,
            ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", backing, .. unchecked_, temporary, size.ToString(CultureInfo.InvariantCulture)]), cancellationToken);
    }

    /// <summary>Makes a qcow2 file without anything below it that has the same contents as another file with all that is below that.</summary>
    /// <param name="source">Absolute path of the file to copy.</param>
    /// <param name="sourceFormat">Its format: <c>qcow2</c>, <c>raw</c>, <c>vdi</c>.</param>
    /// <param name="path">Absolute path of the new file.</param>
    /// <param name="size">Size as the guest sees it, in bytes, where it shall grow.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public Task CopyAsync(string source, string sourceFormat, string path, long? size, CancellationToken cancellationToken) =>
        MakeAsync(path, async temporary =>
        {
            await runner.RunCheckedAsync(new Command(Program, "convert", "-f", sourceFormat, "-O", "qcow2", source, temporary) { Timeout = CopyTimeout }, cancellationToken);
            if (size is { } bytes)
                await runner.RunCheckedAsync(new Command(Program, "resize", "-q", "-f", "qcow2", temporary, bytes.ToString(CultureInfo.InvariantCulture)), cancellationToken);
        });

    /// <summary>Whether the metadata of a qcow2 file is consistent; the message says what is wrong where it is not.</summary>
    public async Task<string?> CheckAsync(string path, CancellationToken cancellationToken)
    {
        var result = await runner.RunAsync(new Command(Program, "check", "-q", "-f", "qcow2", path) { Timeout = CopyTimeout }, cancellationToken);

        // 3 is leaked clusters: space is wasted, the contents are right.
        return result.ExitCode is 0 or 3 ? null : CommandFailedException.LastLines(result.Output, result.Error);
    }

    private Task MakeAsync(string path, Func<string, Command> command, CancellationToken cancellationToken) =>
        MakeAsync(path, temporary => runner.RunCheckedAsync(command(temporary), cancellationToken));

    private static async Task MakeAsync(string path, Func<string, Task> make)
    {
        var temporary = PrivateFiles.Temporary(path);
        try
        {
            await make(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

/// <param name="Format">For instance <c>qcow2</c>, <c>raw</c>, <c>vdi</c>.</param>
/// <param name="VirtualSize">Size as a guest sees it, in bytes.</param>
/// <param name="BackingFile">The file below it as it is named in this one; null where there is none.</param>
/// <param name="DataFile">The external file with the contents of a qcow2; null where they are inside, as they should be.</param>
/// <param name="IsEncrypted">Whether it needs a key.</param>
public sealed partial record DiskInfo(string Format, long VirtualSize, string? BackingFile, string? DataFile, bool IsEncrypted)
{
    internal static DiskInfo Parse(string json)
    {
        var info = JsonSerializer.Deserialize(json, InfoJson.Default.Info)!;
        return new DiskInfo(info.Format, info.VirtualSize, info.BackingFilename, info.FormatSpecific?.Data?.DataFile, info.Encrypted);
    }

    internal sealed record Info(
        string Format,
        [property: JsonPropertyName("virtual-size")] long VirtualSize,
        [property: JsonPropertyName("backing-filename")] string? BackingFilename,
        bool Encrypted,
        [property: JsonPropertyName("format-specific")] Specific? FormatSpecific);

    internal sealed record Specific(SpecificData? Data);

    internal sealed record SpecificData([property: JsonPropertyName("data-file")] string? DataFile);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Info))]
    internal sealed partial class InfoJson : JsonSerializerContext;
}
