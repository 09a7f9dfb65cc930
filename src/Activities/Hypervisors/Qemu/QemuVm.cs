using System.Text.Json;
using System.Text.Json.Serialization;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.Qemu;

/// <summary>What is kept of a VM in its folder, as <c>vm.json</c>; by it a folder is known to be ours.</summary>
/// <param name="Label">Always <see cref="OurLabel"/>.</param>
/// <param name="Spec">As it was made or last configured.</param>
/// <param name="DiskIsTouched">Whether a guest may have written to the disk since it was made.</param>
internal sealed partial record QemuVm(string Label, VmSpec Spec, bool DiskIsTouched)
{
    public const string OurLabel = "vmcluster";

    public static QemuVm Untouched(VmSpec spec) => new(OurLabel, spec, DiskIsTouched: false);

    /// <summary>The VM of this folder and this id; null where there is none.</summary>
    public static async Task<QemuVm?> FindAsync(VmReference vm, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(new QemuFiles(vm).Record);
            var found = await JsonSerializer.DeserializeAsync(file, RecordJson.Default.QemuVm, cancellationToken);
            return found?.Label == OurLabel && found.Spec.Vm.Id == vm.Id ? found : null;
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

    public static async Task<QemuVm> GetAsync(VmReference vm, CancellationToken cancellationToken) =>
        await FindAsync(vm, cancellationToken) ?? throw new VmNotFoundException(vm);

    public Task SaveAsync(CancellationToken cancellationToken) =>
        PrivateFiles.WriteAsync(new QemuFiles(Spec.Vm).Record, JsonSerializer.Serialize(this, RecordJson.Default.QemuVm), cancellationToken);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
    [JsonSerializable(typeof(QemuVm))]
    internal sealed partial class RecordJson : JsonSerializerContext;
}
