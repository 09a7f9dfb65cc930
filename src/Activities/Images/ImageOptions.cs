using VmCluster.Workflows;

namespace VmCluster.Activities.Images;

/// <summary>The images that a designer offers. A path or a URL is given as an expression.</summary>
public sealed class ImageOptions : IInputOptions
{
    public IReadOnlyList<string> Options { get; } = ["auto", .. CatalogEntry.ReadAll().Select(entry => entry.Name)];
}
