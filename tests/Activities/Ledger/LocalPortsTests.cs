using System.Net;
using System.Net.Sockets;
using VmCluster.Activities.Ledger;

namespace VmCluster.Activities.Tests.Ledger;

public sealed class LocalPortsTests
{
    [Fact]
    public void A_TCP_port_is_free_when_nobody_listens_on_it_any_more()
    {
        int port;
        using (var listener = Listen(out port))
        {
            Assert.False(LocalPorts.OfThisComputer.IsTcpPortFree(port));
        }

        Assert.True(LocalPorts.OfThisComputer.IsTcpPortFree(port));
    }

    [Fact]
    public void A_TCP_port_is_free_although_a_connection_to_it_was_just_closed()
    {
        int port;
        using (var listener = Listen(out port))
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            // The side that closes first keeps the port for a minute: the listener's, as when a VM is stopped.
            listener.AcceptTcpClient().Dispose();
            Assert.Equal(0, client.GetStream().Read(new byte[1]));
        }

        Assert.True(LocalPorts.OfThisComputer.IsTcpPortFree(port));
    }

    [Fact]
    public void A_UDP_port_is_not_free_while_others_share_it_for_multicast()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Parse("230.0.0.1"), 0));
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        Assert.False(LocalPorts.OfThisComputer.IsUdpPortFree(port));

        socket.Dispose();
        Assert.True(LocalPorts.OfThisComputer.IsUdpPortFree(port));
    }

    private static TcpListener Listen(out int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }
}
