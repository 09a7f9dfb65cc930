using System.Buffers.Binary;
using System.Net;

namespace VmCluster.Activities.Ledger;

/// <summary>Which address a node has: the front end the 11th of the subnet, the next ones behind it.</summary>
public static class ClusterAddresses
{
    private const int First = 11;

    public static IPAddress Of(IPNetwork subnet, int index)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ToNumber(subnet.BaseAddress) + First + (uint)index);
        return new IPAddress(bytes);
    }

    /// <summary>How many nodes have an address in this subnet.</summary>
    public static int Capacity(IPNetwork subnet) => subnet.PrefixLength > 30 ? 0 : (int)Math.Clamp((1L << (32 - subnet.PrefixLength)) - 1 - First, 0, int.MaxValue);

    /// <summary>The address in a network range's terms, for comparing ranges.</summary>
    public static uint ToNumber(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
    }
}
