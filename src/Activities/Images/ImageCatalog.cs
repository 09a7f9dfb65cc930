using VmCluster.Activities.Hypervisors;

namespace VmCluster.Activities.Images;

/// <summary>Turns an image's name, path or address into a cached file that VMs boot from.</summary>
public sealed class ImageCatalog
{
    /// <summary>What the user may name, with what there is to say about each.</summary>
    public IReadOnlyList<ImageEntry> Entries => throw new NotImplementedException();

    /// <summary>What stands in the way of having this image; empty when <see cref="EnsureAsync"/> should succeed.</summary>
    public Task<IReadOnlyList<HypervisorProblem>> CheckAsync(string image, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Builds, downloads or copies the image unless the cache has it. Two that want it at once make it once.</summary>
    /// <param name="image">A catalogue name, an absolute path, or an http(s) URL; path and URL take <c>#sha256=HEX</c> behind them (a URL must).</param>
    /// <param name="progress">Told what is being done, with the fraction where it is known.</param>
    /// <param name="cancellationToken">Ends the work; what was begun leaves no file behind.</param>
    /// <exception cref="ImageException">Unknown name, wrong checksum, corrupt file, failed build or download.</exception>
    public Task<BootImage> EnsureAsync(string image, IProgress<ImageProgress>? progress, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <param name="Name">For instance <c>debian-12</c>.</param>
/// <param name="Description">One line.</param>
/// <param name="DefaultUser">The account that cloud-init makes the cluster's user of.</param>
/// <param name="IsCached">Whether it can be used at once.</param>
public sealed record ImageEntry(string Name, string Description, string DefaultUser, bool IsCached);

/// <param name="Message">A few words.</param>
/// <param name="Fraction">0 to 1, or null.</param>
public sealed record ImageProgress(string Message, double? Fraction);

public sealed class ImageException(string what, string remedy, Exception? innerException = null) : VmClusterException(what, remedy, innerException);
