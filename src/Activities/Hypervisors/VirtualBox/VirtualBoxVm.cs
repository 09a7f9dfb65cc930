using System.Text.Json;
using System.Text.Json.Serialization;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>What is kept of a VM in its folder, as <c>vm.json</c>; by it a folder is known to be ours.</summary>
/// <param name="Label">Always <see cref="OurLabel"/>.</param>
/// <param name="Spec">As it was made or last configured.</param>
/// <param name="IsMade">Whether its making came to the end.</param>
internal sealed partial record VirtualBoxVm(string Label, VmSpec Spec, bool IsMade)
{
    public const string OurLabel = "vmcluster";

    /// <summary>The VM of this folder and this id; null where there is none.</summary>
    public static async Task<VirtualBoxVm?> FindAsync(VmReference vm, CancellationToken cancellationToken)
        => await ReadAsync(vm, cancellationToken) is { Label: OurLabel } found && found.Spec.Vm.Id == vm.Id ? found : null;

    /// <summary>Whether the folder is another VM's.</summary>
    public static async Task<bool> IsStrangersAsync(VmReference vm, CancellationToken cancellationToken)
        => await ReadAsync(vm, cancellationToken) is { } found && (found.Label != OurLabel || found.Spec.Vm.Id != vm.Id);

    public static Task SaveAsync(VmSpec spec, bool isMade, CancellationToken cancellationToken)
        => PrivateFiles.WriteAsync(PathOf(spec.Vm), JsonSerializer.Serialize(new VirtualBoxVm(OurLabel, spec, isMade), VirtualBoxJson.Default.VirtualBoxVm), cancellationToken);

    private static async Task<VirtualBoxVm?> ReadAsync(VmReference vm, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(PathOf(vm));
            return await JsonSerializer.DeserializeAsync(file, VirtualBoxJson.Default.VirtualBoxVm, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException e)
        {
            throw new VmFolderException(vm, "its vm.json cannot be read", e);
        }
    }

    private static string PathOf(VmReference vm) => Path.Combine(vm.Folder, "vm.json");

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
    [JsonSerializable(typeof(VirtualBoxVm))]
    internal sealed partial class VirtualBoxJson : JsonSerializerContext;
}
