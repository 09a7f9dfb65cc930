using System.Text.Json;
using System.Text.Json.Serialization;

namespace VmCluster.Activities.Images;

/// <summary>An entry of <c>catalog.json</c>: an image to build by a recipe, or one to download.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Description">One line.</param>
/// <param name="DefaultUser">The account that cloud-init makes the cluster's user of.</param>
/// <param name="Recipe">The script that builds it; null where it is downloaded.</param>
/// <param name="KernelArguments">For the kernel of a built image, which is booted directly.</param>
/// <param name="Url">Where to download it from.</param>
/// <param name="Sha256">Its published checksum, 64 hexadecimal digits.</param>
internal sealed partial record CatalogEntry(
    string Name,
    string Description,
    string DefaultUser,
    string? Recipe,
    string? KernelArguments,
    Uri? Url,
    string? Sha256)
{
    public static IReadOnlyList<CatalogEntry> ReadAll() =>
        JsonSerializer.Deserialize(Resource.ReadText("catalog.json"), CatalogJson.Default.ListCatalogEntry)!;

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(List<CatalogEntry>))]
    internal sealed partial class CatalogJson : JsonSerializerContext;
}
