using System.Buffers.Binary;

namespace VmCluster.Activities.Images;

/// <summary>
/// Tells a disk file's format by its first bytes, before any program opens it: a qcow2 file can name other files of
/// this computer as its contents, and such a one from a stranger is refused.
/// </summary>
internal static class DiskHeader
{
    private const int Length = 512;
    private const int IsoIdentifierOffset = 0x8001;
    private const uint Qcow2Magic = 0x514649fb;
    private const uint VdiSignature = 0xbeda107f;
    private const ushort BootSignature = 0xaa55;
    private const ulong ExternalDataFile = 1 << 2;

    /// <summary>Whether it is an ISO 9660 file system, as installers come on. Many have a boot sector as well.</summary>
    public static bool IsIso(string path)
    {
        using var file = File.OpenRead(path);
        var identifier = new byte[5];
        file.Seek(IsoIdentifierOffset, SeekOrigin.Begin);
        return file.ReadAtLeast(identifier, identifier.Length, throwOnEndOfStream: false) == identifier.Length && identifier.AsSpan().SequenceEqual("CD001"u8);
    }

    /// <summary>The format in QEMU's words: <c>qcow2</c>, <c>vdi</c> or <c>raw</c>.</summary>
    /// <param name="path">Absolute path of the file.</param>
    /// <param name="name">What the user calls it, for messages.</param>
    /// <exception cref="ImageException">It is no disk image, or one that leans on other files.</exception>
    public static string DetectFormat(string path, string name)
    {
        var header = new byte[Length];
        int length;
        using (var file = File.OpenRead(path))
            length = file.ReadAtLeast(header, Length, throwOnEndOfStream: false);

        if (BinaryPrimitives.ReadUInt32BigEndian(header) == Qcow2Magic)
        {
            RefuseUnsafe(header, name);
            return "qcow2";
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(0x40)) == VdiSignature)
            return "vdi";
        if (length == Length && BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(510)) == BootSignature)
            return "raw";
        throw new ImageException(
            $"'{name}' is no disk image: neither qcow2 nor VDI, nor a raw disk with a boot sector",
            "Give a disk image with a boot loader; unpack it first if it is compressed.");
    }

    private static void RefuseUnsafe(ReadOnlySpan<byte> header, string name)
    {
        var version = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (version is not (2 or 3))
            throw ImageExceptions.Corrupt(name, $"its qcow2 version is {version}");
        if (BinaryPrimitives.ReadUInt64BigEndian(header[8..]) != 0)
            throw LeansOnOthers(name, "a backing file");
        if (version == 3 && (BinaryPrimitives.ReadUInt64BigEndian(header[72..]) & ExternalDataFile) != 0)
            throw LeansOnOthers(name, "an external data file");
    }

    private static ImageException LeansOnOthers(string name, string what) =>
        new($"The image '{name}' needs {what}", "Make one file of it: 'qemu-img convert -O qcow2 IMAGE NEW-IMAGE'.");
}
