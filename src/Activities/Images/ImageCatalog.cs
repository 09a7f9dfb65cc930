using System.Security.Cryptography;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Images;

/// <summary>
/// Turns an image's name, path or address into a cached file that VMs boot from. The cache has a folder per image,
/// named by the hash of its contents or of its recipe; a folder appears when it is complete.
/// </summary>
public sealed class ImageCatalog(DataFolder folder, ICommandRunner runner, TimeProvider timeProvider) : IDisposable
{
    private const string Disk = "disk.qcow2";

    private readonly IReadOnlyList<CatalogEntry> _catalog = CatalogEntry.ReadAll();
    private readonly ImageBuilder _builder = new(runner);
    private readonly ImageDownloader _downloader = new(timeProvider);
    private readonly QemuImg _qemuImg = new(runner);

    /// <summary>What the user may name, with what there is to say about each.</summary>
    public IReadOnlyList<ImageEntry> Entries =>
        [.. _catalog.Select(entry => new ImageEntry(entry.Name, entry.Description, entry.DefaultUser, IsCached(Key(ImageSource.Parse(entry.Name, _catalog)))))];

    public void Dispose() => _downloader.Dispose();

    /// <summary>What stands in the way of having this image; empty when <see cref="EnsureAsync"/> should succeed.</summary>
    /// <param name="image">As for <see cref="EnsureAsync"/>.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<HypervisorProblem>> CheckAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            var source = ImageSource.Parse(image, _catalog);
            if (source is LocalImage local)
                await CheckAsync(local, cancellationToken);
            return source is BuiltImage built && !IsCached(Key(built)) ? [.. ImageBuilder.Check(built, folder.Images)] : [];
        }
        catch (ImageException e)
        {
            return [new HypervisorProblem(e.What, e.Remedy)];
        }
    }

    /// <summary>Builds, downloads or copies the image unless the cache has it. Two that want it at once make it once.</summary>
    /// <param name="image">A catalogue name, an absolute path, or an http(s) URL; path and URL take <c>#sha256=HEX</c> behind them (a URL must).</param>
    /// <param name="progress">Told what is being done, with the fraction where it is known.</param>
    /// <param name="cancellationToken">Ends the work; what was begun leaves no file behind.</param>
    /// <exception cref="ImageException">Unknown name, wrong checksum, corrupt file, failed build or download.</exception>
    public async Task<BootImage> EnsureAsync(string image, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        var source = ImageSource.Parse(image, _catalog);
        if (source is LocalImage { IsIso: true } installer)
        {
            await CheckAsync(installer, cancellationToken);
            return new BootImage(installer.Path, IsInstaller: true);
        }

        var key = source is LocalImage local ? ContentKey(await CheckAsync(local, cancellationToken)) : Key(source);
        if (!IsCached(key))
        {
            PrivateFiles.CreateFolder(folder.Images);
            using var held = await FileLock.AcquireAsync(
                PathOf(key) + ".lock",
                timeProvider,
                cancellationToken,
                () => progress?.Report(new ImageProgress($"waiting for another run that makes {source.Name}", null)));
            if (!IsCached(key))
                await MakeAsync(source, PathOf(key), progress, cancellationToken);
        }

        var disk = Path.Combine(PathOf(key), Disk);
        return source is BuiltImage built
            ? new BootImage(disk, Path.Combine(PathOf(key), "vmlinuz"), Path.Combine(PathOf(key), "initrd"), built.Entry.KernelArguments)
            : new BootImage(disk);
    }

    private Task MakeAsync(ImageSource source, string target, IProgress<ImageProgress>? progress, CancellationToken cancellationToken) => source switch
    {
        BuiltImage built => _builder.BuildAsync(built, target, progress, cancellationToken),
        DownloadedImage downloaded => ImportAsync(
            source.Name, downloaded.Sha256, target, file => _downloader.DownloadAsync(downloaded, file, progress, cancellationToken), progress, cancellationToken),
        LocalImage local => ImportAsync(
            source.Name, local.Sha256, target, file => _downloader.CopyAsync(local, file, progress, cancellationToken), progress, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    /// <summary>Fetches a file, checks it, makes it qcow2 and puts it into the cache.</summary>
    private async Task ImportAsync(
        string name, string? sha256, string target, Func<string, Task<string>> fetch, IProgress<ImageProgress>? progress, CancellationToken cancellationToken)
    {
        var work = target + ".part";
        if (Directory.Exists(work))
            Directory.Delete(work, recursive: true);
        PrivateFiles.CreateFolder(work);
        try
        {
            var file = Path.Combine(work, "fetched");
            var actual = await fetch(file);
            if (sha256 is not null && actual != sha256)
                throw ImageExceptions.ChecksumMismatch(name, sha256, actual);

            progress?.Report(new ImageProgress("checking " + name, null));
            var format = await CheckContentsAsync(file, name, cancellationToken);
            var disk = Path.Combine(work, Disk);
            if (format == "qcow2")
            {
                File.Move(file, disk);
            }
            else
            {
                progress?.Report(new ImageProgress("converting " + name, null));
                await _qemuImg.CopyAsync(file, format, disk, size: null, cancellationToken);
                File.Delete(file);
            }

            Directory.Move(work, target);
        }
        finally
        {
            if (Directory.Exists(work))
                Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Checks a file of this computer where it lies; returns its SHA-256.</summary>
    private async Task<string> CheckAsync(LocalImage image, CancellationToken cancellationToken)
    {
        if (!File.Exists(image.Path))
            throw new ImageException($"There is no file '{image.Path}'", "Correct the path of the image.");
        if (image is { IsIso: true, Sha256: null })
            return ""; // Gigabytes that nobody has asked to compare.
        string actual;
        await using (var file = File.OpenRead(image.Path))
            actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        if (image.Sha256 is { } expected && actual != expected)
            throw ImageExceptions.ChecksumMismatch(image.Name, expected, actual);
        if (!image.IsIso && !IsCached(ContentKey(actual)))
            await CheckContentsAsync(image.Path, image.Name, cancellationToken);
        return actual;
    }

    private async Task<string> CheckContentsAsync(string path, string name, CancellationToken cancellationToken)
    {
        var format = DiskHeader.DetectFormat(path, name);
        if (format == "qcow2" && await _qemuImg.CheckAsync(path, cancellationToken) is { } fault)
            throw ImageExceptions.Corrupt(name, fault);
        return format;
    }

    private static string Key(ImageSource source) => source switch
    {
        BuiltImage built => ImageBuilder.Key(built),
        DownloadedImage downloaded => ContentKey(downloaded.Sha256),
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    private static string ContentKey(string sha256) => "sha256-" + sha256[..32];

    private string PathOf(string key) => Path.Combine(folder.Images, key);

    private bool IsCached(string key) => File.Exists(Path.Combine(PathOf(key), Disk));
}

/// <param name="Name">For instance <c>debian-12</c>.</param>
/// <param name="Description">One line.</param>
/// <param name="DefaultUser">The account that cloud-init makes the cluster's user of.</param>
/// <param name="IsCached">Whether it can be used at once.</param>
public sealed record ImageEntry(string Name, string Description, string DefaultUser, bool IsCached);

/// <param name="Message">A few words.</param>
/// <param name="Fraction">0 to 1, or null.</param>
public sealed record ImageProgress(string Message, double? Fraction);
