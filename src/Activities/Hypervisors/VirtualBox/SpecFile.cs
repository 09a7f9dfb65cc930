using System.Text.Json;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>Keeps what a VM was made as, for what VirtualBox cannot say of it (the image, for instance).</summary>
internal static class SpecFile
{
    public static void Write(VmSpec spec)
    {
        var path = PathOf(spec.Vm);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(spec));
        File.Move(path + ".new", path, overwrite: true);
    }

    public static VmSpec Read(VmReference vm)
    {
        try
        {
            return JsonSerializer.Deserialize<VmSpec>(File.ReadAllText(PathOf(vm)))!;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw new VirtualBoxException(VirtualBoxFault.FileMissing, $"Node '{vm.Node}' of cluster '{vm.Cluster}': '{PathOf(vm)}' cannot be read", "Run the workflow from the step that creates the node: it writes the file anew.", innerException: e);
        }
    }

    public static void Delete(VmReference vm)
    {
        if (Directory.Exists(vm.Folder))
            File.Delete(PathOf(vm));
    }

    private static string PathOf(VmReference vm) => Path.Combine(vm.Folder, "vm.json");
}
