using System.Globalization;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>A disk that VirtualBox knows, or an ISO.</summary>
/// <param name="Parent">The disk that it is a difference to; null for a whole one.</param>
/// <param name="State">VirtualBox's word: <c>created</c>, <c>locked read</c>, <c>locked write</c>, <c>inaccessible</c>.</param>
/// <param name="SizeMiB">As the guest sees it.</param>
internal sealed record Medium(Guid Id, Guid? Parent, string State, string Location, long SizeMiB)
{
    public bool IsLocked => State.StartsWith("locked", StringComparison.Ordinal);

    public bool IsIn(string folder) => Location.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

/// <summary>Disks: making one of an image, growing it, and what VirtualBox has registered.</summary>
internal sealed class Media(VBoxManage manage, ICommandRunner runner)
{
    public async Task<IReadOnlyList<Medium>> ListAsync(CancellationToken cancellationToken)
        => Parse(await manage.RunAsync(null, cancellationToken, "list", "hdds"));

    /// <summary>Takes every disk and ISO below a folder out of VirtualBox's registry; files stay.</summary>
    public async Task ForgetBelowAsync(string folder, CancellationToken cancellationToken)
    {
        await ForgetAsync([.. (await ListAsync(cancellationToken)).Where(m => m.IsIn(folder))], cancellationToken);
        await ForgetDiscsBelowAsync(folder, cancellationToken);
    }

    /// <summary>Takes every ISO below a folder out of VirtualBox's registry; files stay.</summary>
    public async Task ForgetDiscsBelowAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var iso in Parse(await manage.RunAsync(null, cancellationToken, "list", "dvds")).Where(m => m.IsIn(folder)))
            await ForgetAsync("dvd", iso, cancellationToken);
    }

    /// <summary>Makes <paramref name="path"/> a dynamic VDI of the image. It appears when it is whole, under its name at once.</summary>
    public async Task CreateAsync(VmReference vm, string imagePath, string path, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
            return;
        var partial = Path.ChangeExtension(path, ".partial.vdi");
        await ForgetAsync([.. (await ListAsync(cancellationToken)).Where(m => m.Location == partial)], cancellationToken);
        File.Delete(partial);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            if (await ConvertWithQemuAsync(vm, imagePath, partial, cancellationToken) is false)
                await ConvertWithVirtualBoxAsync(vm, imagePath, partial, cancellationToken);
            File.Move(partial, path);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Makes an empty dynamic VDI.</summary>
    public async Task CreateEmptyAsync(VmReference vm, string path, int sizeGiB, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            await manage.CopyAsync(vm, cancellationToken, "createmedium", "disk", "--filename", path, "--size", (sizeGiB * 1024L).ToString(CultureInfo.InvariantCulture), "--format", "VDI");
    }

    /// <summary>Grows the disk to the size; one that is as large already, or that others are differences to, stays as it is.</summary>
    public async Task GrowAsync(VmReference vm, string path, int sizeGiB, CancellationToken cancellationToken)
    {
        var all = await ListAsync(cancellationToken);
        if (all.FirstOrDefault(m => m.Location == path) is not { Parent: null } disk || all.Any(m => m.Parent == disk.Id))
            return;
        var wanted = sizeGiB * 1024L;
        if (disk.SizeMiB > wanted)
            throw new DiskTooSmallException(vm, sizeGiB, (disk.SizeMiB + 1023) / 1024);
        if (disk.SizeMiB < wanted)
            await manage.CopyAsync(vm, cancellationToken, "modifymedium", "disk", path, "--resize", wanted.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Takes disks out of VirtualBox's registry, differences before what they are differences to; files stay.</summary>
    public async Task ForgetAsync(IReadOnlyList<Medium> media, CancellationToken cancellationToken)
    {
        var left = media.ToList();
        while (left.FirstOrDefault(m => !left.Exists(child => child.Parent == m.Id)) is { } medium)
        {
            left.Remove(medium);
            await ForgetAsync("disk", medium, cancellationToken);
        }
    }

    internal static IReadOnlyList<Medium> Parse(string output)
    {
        var media = new List<Medium>();
        foreach (var block in output.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = block.Split('\n').Select(l => l.Split(':', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0].Trim(), p => p[1].Trim(), StringComparer.Ordinal);
            if (!fields.TryGetValue("UUID", out var id) || !fields.TryGetValue("Location", out var location))
                continue;
            var size = fields.GetValueOrDefault("Capacity", "0").Split(' ')[0];
            media.Add(new Medium(
                Guid.Parse(id),
                Guid.TryParse(fields.GetValueOrDefault("Parent UUID"), out var parent) ? parent : null,
                fields.GetValueOrDefault("State", ""),
                location,
                long.Parse(size, CultureInfo.InvariantCulture)));
        }

        return media;
    }

    private async Task ForgetAsync(string kind, Medium medium, CancellationToken cancellationToken)
    {
        try
        {
            await manage.RunAsync(null, cancellationToken, "closemedium", kind, medium.Id.ToString("D"));
        }
        catch (VirtualBoxException e) when (e.Fault is VirtualBoxFault.NotFound or VirtualBoxFault.FileMissing)
        {
            // Somebody else was faster.
        }
    }

    /// <summary>False where there is no qemu-img, which is the faster of the two.</summary>
    private async Task<bool> ConvertWithQemuAsync(VmReference vm, string imagePath, string path, CancellationToken cancellationToken)
    {
        var command = new Command("qemu-img", "convert", "-f", "qcow2", "-O", "vdi", imagePath, path) { Timeout = VBoxManage.CopyPatience };
        try
        {
            var result = await runner.RunAsync(command, cancellationToken);
            return result.Succeeded ? true
                : throw new VirtualBoxException(
                    result.Error.Contains("No space left", StringComparison.Ordinal) ? VirtualBoxFault.NoSpace : VirtualBoxFault.Unknown,
                    $"Node '{vm.Node}' of cluster '{vm.Cluster}': '{command}' ended with exit code {result.ExitCode}: {result.Error.Trim().Split('\n')[^1]}");
        }
        catch (CommandNotFoundException)
        {
            return false;
        }
    }

    // It registers what it reads and what it writes; neither shall stay in the registry.
    private async Task ConvertWithVirtualBoxAsync(VmReference vm, string imagePath, string path, CancellationToken cancellationToken)
    {
        await manage.CopyAsync(vm, cancellationToken, "clonemedium", "disk", imagePath, path, "--format", "VDI");
        await ForgetAsync([.. (await ListAsync(cancellationToken)).Where(m => m.Location == path || m.Location == imagePath)], cancellationToken);
    }
}
