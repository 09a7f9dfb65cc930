namespace VmCluster.Activities.Processes;

/// <summary>The programs that are run, where each comes from, and what for.</summary>
public static class Programs
{
    /// <summary>Every program in use, in the order in which <c>doctor</c> shows them.</summary>
    public static IReadOnlyList<ProgramInfo> All { get; } =
    [
        new("qemu-system-x86_64", "qemu-system-x86", "runs the virtual machines"),
        new("qemu-img", "qemu-utils", "makes and checks disks"),
        new("genisoimage", "genisoimage", "writes the seed that gives a node its identity"),
        new("ssh", "openssh-client", "reaches the nodes"),
        new("ssh-keygen", "openssh-client", "makes keys"),
        new("mmdebstrap", "mmdebstrap", "builds the debian-12 image"),
        new("mke2fs", "e2fsprogs", "builds the debian-12 image"),
        new("cpio", "cpio", "builds the debian-12 image"),
        new("busybox", "busybox-static", "builds the debian-12 image"),
        new("unshare", "util-linux", "builds the debian-12 image"),
    ];

    /// <summary>The absolute path of a program on the PATH, or null. The places of system programs are searched as well.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Concat(["/usr/sbin", "/sbin"])
            .Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>How to get a program, as a sentence.</summary>
    public static string Remedy(string program) =>
        All.FirstOrDefault(p => p.Name == Path.GetFileName(program)) is { } known
            ? $"Install it: 'apt install {known.DebianPackage}' (Debian, Ubuntu), or the package of your system that has it."
            : "Install it, or add its folder to the PATH.";
}

/// <param name="Name">The file name.</param>
/// <param name="DebianPackage">The package of Debian and Ubuntu that has it.</param>
/// <param name="Purpose">A few words, for lists.</param>
public sealed record ProgramInfo(string Name, string DebianPackage, string Purpose);
