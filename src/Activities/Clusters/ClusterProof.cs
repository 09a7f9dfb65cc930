using VmCluster.Activities.Ledger;
using VmCluster.Activities.Processes;

namespace VmCluster.Activities.Clusters;

/// <summary>What one node says about itself and about those that it can reach.</summary>
/// <param name="Node">The node that was asked, by its planned name.</param>
/// <param name="Hostname">Its hostname.</param>
/// <param name="MachineId">Its machine-id.</param>
/// <param name="HostKey">Its public SSH host key.</param>
/// <param name="Macs">Its NICs.</param>
/// <param name="Addresses">Its IPv4 addresses.</param>
/// <param name="Shared">What it reads in the shared folder.</param>
/// <param name="Reached">The hostname that answered, by the name that was asked for; empty where nobody did.</param>
public sealed record NodeReport(
    string Node, string Hostname, string MachineId, string HostKey, IReadOnlyList<string> Macs, IReadOnlyList<string> Addresses, string Shared,
    IReadOnlyDictionary<string, string> Reached)
{
    /// <summary>One login that asks everything: a login costs more than all the questions.</summary>
    internal static string Script(ClusterRecord cluster, string sharedFile) => $"""
        echo "hostname $(cat /proc/sys/kernel/hostname)"
        echo "machine-id $(cat /etc/machine-id)"
        echo "host-key $(sudo cut -d' ' -f2 /etc/ssh/ssh_host_ed25519_key.pub)"
        for nic in /sys/class/net/*; do [ "$nic" = /sys/class/net/lo ] || echo "mac $(cat "$nic/address")"; done
        ip -4 -o address | while read -r _ nic _ address _; do echo "address ${"{"}address%/*{"}"}"; done
        echo "shared $(cat {sharedFile})"
        for peer in {string.Join(' ', cluster.Nodes.Select(node => ShellQuoting.Quote(node.Name)))}; do
          echo "reached $peer $(ssh -n -o ConnectTimeout=60 "$peer" cat /proc/sys/kernel/hostname 2>&1 | tail -n 1)" &
        done
        wait
        """;

    internal static NodeReport Parse(string node, string output)
    {
        var values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1].Trim());
        return new NodeReport(
            node,
            values["hostname"].FirstOrDefault(""),
            values["machine-id"].FirstOrDefault(""),
            values["host-key"].FirstOrDefault(""),
            [.. values["mac"]],
            [.. values["address"]],
            values["shared"].FirstOrDefault(""),
            values["reached"].Select(line => line.Split(' ', 2)).ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1) ?? ""));
    }
}

/// <summary>Holds what the nodes say against what was planned.</summary>
public static class ClusterProof
{
    /// <summary>Everything that is not as it should be; empty for a cluster.</summary>
    public static IReadOnlyList<string> Problems(ClusterRecord cluster, IReadOnlyList<NodeReport> reports, string token)
    {
        var problems = new List<string>();
        foreach (var node in cluster.Nodes)
        {
            var report = reports.Single(r => r.Node == node.Name);
            Expect(report.Hostname == node.Name, $"{node.Name} has the hostname '{report.Hostname}'");
            Expect(report.MachineId == node.MachineId, $"{node.Name} has the machine-id {report.MachineId} instead of {node.MachineId}");
            Expect(report.Macs.Contains(node.ClusterMac), $"{node.Name} has no NIC {node.ClusterMac}");
            Expect(report.Addresses.Contains(node.Address), $"{node.Name} has not the address {node.Address}");
            Expect(report.Shared == token, $"{node.Name} does not see in /shared what fe1 wrote");
            foreach (var peer in cluster.Nodes)
            {
                var answer = report.Reached.GetValueOrDefault(peer.Name, "");
                Expect(answer == peer.Name, $"{node.Name} asked for {peer.Name} and got '{answer}'");
            }
        }

        Distinct("hostname", report => report.Hostname);
        Distinct("machine-id", report => report.MachineId);
        Distinct("host key", report => report.HostKey);
        foreach (var shared in reports.SelectMany(report => report.Macs.Distinct().Select(mac => (mac, report.Node))).GroupBy(pair => pair.mac).Where(group => group.Count() > 1))
            problems.Add($"{string.Join(" and ", shared.Select(pair => pair.Node))} share the MAC {shared.Key}");
        return problems;

        void Expect(bool isSo, string problem)
        {
            if (!isSo)
                problems.Add(problem);
        }

        void Distinct(string what, Func<NodeReport, string> of)
        {
            foreach (var shared in reports.GroupBy(of).Where(group => group.Count() > 1))
                problems.Add($"{string.Join(" and ", shared.Select(report => report.Node))} share the {what} {shared.Key}");
        }
    }
}
