using System.Buffers.Binary;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>The header of a VDI file.</summary>
internal static class VdiFile
{
    private const int AllocatedBlocksOffset = 388;

    /// <summary>How many blocks have been written: 0 in a differencing disk that is as it was when it was made.</summary>
    public static uint AllocatedBlocks(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> bytes = stackalloc byte[4];
        file.Seek(AllocatedBlocksOffset, SeekOrigin.Begin);
        file.ReadExactly(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
