using System.Net;
using System.Net.Sockets;
using System.Text;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Processes;
using VmCluster.Activities.Ssh;

namespace VmCluster.Activities.Nodes;

/// <summary>Waits until a started node can be used: SSH lets us in with the pinned host key, and cloud-init has done its work.</summary>
public sealed class NodeReadiness(SshClient ssh, CommandJournal journal, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends with a list of what the node says about itself.</summary>
    private const string Script = """
        until [ -e /run/cloud-init/result.json ] || [ -e /run/cloud-init/disabled ]; do sleep 0.5; done
        echo "hostname $(cat /proc/sys/kernel/hostname)"
        echo "machine-id $(cat /etc/machine-id)"
        for nic in /sys/class/net/*/address; do read -r mac <"$nic"; echo "mac $mac"; done
        ip -4 -o address | while read -r _ nic _ address _; do echo "address ${address%/*}"; done
        tr -d '\n' </run/cloud-init/result.json | sed 's/^/cloud-init /'
        """;

    /// <summary>Waits, and returns what the node says about itself.</summary>
    /// <exception cref="NodeDiedException">The VM is no longer running.</exception>
    /// <exception cref="NodeNotReadyException">The time is over.</exception>
    public async Task<NodeFacts> WaitAsync(ClusterRecord cluster, NodeRecord node, IHypervisor hypervisor, TimeSpan limit, Action<string> report, CancellationToken cancellationToken)
    {
        var deadline = timeProvider.GetUtcNow() + limit;
        var state = "its SSH server does not answer";
        report("booting");
        while (timeProvider.GetUtcNow() < deadline)
        {
            await ThrowIfDeadAsync(cluster, node, hypervisor, cancellationToken);
            if (await HasBannerAsync(node.SshPort, cancellationToken))
            {
                report("waiting for cloud-init");
                var attempt = await TryAskAsync(cluster, node, deadline - timeProvider.GetUtcNow(), cancellationToken);
                if (attempt.Facts is { } facts)
                    return facts;
                state = attempt.Problem;
            }

            await Task.Delay(Pulse, timeProvider, cancellationToken);
        }

        throw new NodeNotReadyException(cluster.Name, node.Name, limit, state, ConsoleTail(cluster, node));
    }

    /// <summary>Asks a node that is ready.</summary>
    /// <exception cref="NodeCommandException">It does not answer.</exception>
    public async Task<NodeFacts> AskAsync(ClusterRecord cluster, NodeRecord node, CancellationToken cancellationToken) =>
        NodeFacts.Parse(await ssh.RunCheckedAsync(cluster, node, "asking for its identity", Script, null, cancellationToken));

    private async Task<(NodeFacts? Facts, string Problem)> TryAskAsync(ClusterRecord cluster, NodeRecord node, TimeSpan left, CancellationToken cancellationToken)
    {
        using var silence = journal.Silence();
        try
        {
            var result = await ssh.RunAsync(cluster, node, Script, left, cancellationToken);
            return result.Succeeded ? (NodeFacts.Parse(result.Output), "") : (null, result.Error.Trim());
        }
        catch (CommandTimeoutException)
        {
            return (null, "cloud-init has not finished");
        }
    }

    private static async Task ThrowIfDeadAsync(ClusterRecord cluster, NodeRecord node, IHypervisor hypervisor, CancellationToken cancellationToken)
    {
        var info = await hypervisor.FindAsync(cluster.Vm(node), cancellationToken);
        if (info?.State != VmState.Running)
            throw new NodeDiedException(cluster.Name, node.Name, info is null ? "gone" : $"{info.State} ({info.Detail})", ConsoleTail(cluster, node));
    }

    /// <summary>The hypervisor accepts connections before the guest does, so only the server's greeting means anything.</summary>
    private async Task<bool> HasBannerAsync(int port, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var greeting = new byte[4];
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, stop.Token);
            return await socket.ReceiveAsync(greeting, stop.Token) == greeting.Length && greeting.AsSpan().SequenceEqual("SSH-"u8);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static string ConsoleTail(ClusterRecord cluster, NodeRecord node)
    {
        var path = Path.Combine(cluster.NodeFolder(node), "console.log");
        if (!File.Exists(path))
            return "there is none";
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(-Math.Min(stream.Length, 1024), SeekOrigin.End);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var lines = reader.ReadToEnd().Split('\n').Select(line => string.Concat(line.Where(c => !char.IsControl(c))).Trim()).Where(line => line.Length > 0);
        return string.Join(" | ", lines.TakeLast(3));
    }
}
