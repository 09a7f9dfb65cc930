using System.Net;
using System.Net.Sockets;

namespace VmCluster.Activities.Ledger;

/// <summary>Tells whether a port of this computer can be had now.</summary>
/// <param name="IsTcpPortFree">Whether nobody listens on this TCP port of 127.0.0.1.</param>
/// <param name="IsUdpPortFree">Whether nobody uses this UDP port, be it for a multicast group.</param>
public sealed record LocalPorts(Func<int, bool> IsTcpPortFree, Func<int, bool> IsUdpPortFree)
{
    /// <summary>Asks the operating system, each time anew.</summary>
    public static LocalPorts OfThisComputer { get; } = new(
        port => CanBind(SocketType.Stream, ProtocolType.Tcp, new IPEndPoint(IPAddress.Loopback, port)),
        port => CanBind(SocketType.Dgram, ProtocolType.Udp, new IPEndPoint(IPAddress.Any, port)));

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
