using System.Net;
using System.Net.Sockets;

namespace VmCluster.Activities.Ledger;

/// <summary>Asks this computer whether a port can be had now.</summary>
public static class LocalPorts
{
    /// <summary>Whether nobody listens on this TCP port of 127.0.0.1.</summary>
    public static bool IsTcpPortFree(int port) => CanBind(SocketType.Stream, ProtocolType.Tcp, new IPEndPoint(IPAddress.Loopback, port));

    /// <summary>Whether nobody uses this UDP port, be it for a multicast group.</summary>
    public static bool IsUdpPortFree(int port) => CanBind(SocketType.Dgram, ProtocolType.Udp, new IPEndPoint(IPAddress.Any, port));

    private static bool CanBind(SocketType type, ProtocolType protocol, IPEndPoint endPoint)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol) { ExclusiveAddressUse = true };
        try
        {
            socket.Bind(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
