using System.Globalization;

namespace VmCluster.Activities.Images;

public sealed class ImageException(string what, string remedy, Exception? innerException = null) : VmClusterException(what, remedy, innerException);

/// <summary>The faults of images that are found in more than one place.</summary>
internal static class ImageExceptions
{
    private const int NoSpaceLeft = 28;

    public static ImageException Corrupt(string name, string why) =>
        new($"The image '{name}' is corrupt: {why}", "Get it again from where it came from.");

    public static ImageException ChecksumMismatch(string name, string expected, string actual) =>
        new($"The image '{name}' has the checksum {actual}, not {expected}", "Get it again, or correct the checksum if the publisher has changed it; nothing was kept.");

    public static ImageException NoSpace(string name, string folder, long? neededBytes, Exception? innerException = null) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"There is not enough disk space in '{folder}' for the image '{name}'{(neededBytes is { } bytes ? $": it needs {bytes >> 20} MiB" : "")}"),
            "Make room, or set VMCLUSTER_HOME to a folder on a larger disk.",
            innerException);

    public static bool IsNoSpace(IOException exception) => OperatingSystem.IsWindows() ? (exception.HResult & 0xffff) == 112 : exception.HResult == NoSpaceLeft;
}
