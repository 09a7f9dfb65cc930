using System.Text.Json;
using VmCluster.Activities.Ledger;

namespace VmCluster.Activities.Nodes;

/// <summary>What a node says about itself, from inside.</summary>
/// <param name="Hostname">The kernel's.</param>
/// <param name="MachineId">32 hexadecimal digits.</param>
/// <param name="Macs">Of all its NICs.</param>
/// <param name="Addresses">IPv4, of all its NICs.</param>
/// <param name="CloudInitErrors">What cloud-init complains of; images of others often have something, and work.</param>
public sealed record NodeFacts(string Hostname, string MachineId, IReadOnlyList<string> Macs, IReadOnlyList<string> Addresses, IReadOnlyList<string> CloudInitErrors)
{
    /// <summary>Reads lines of a word and its value.</summary>
    internal static NodeFacts Parse(string output)
    {
        var values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1].Trim());
        return new NodeFacts(
            values["hostname"].FirstOrDefault(""),
            values["machine-id"].FirstOrDefault(""),
            [.. values["mac"]],
            [.. values["address"]],
            [.. values["cloud-init"].SelectMany(ReadErrors)]);
    }

    /// <summary>Where the node is not what was planned; empty when it is.</summary>
    public IReadOnlyList<string> Differences(NodeRecord node, bool withNetwork)
    {
        var differences = new List<string>();
        if (Hostname != node.Name)
            differences.Add($"its hostname is '{Hostname}'");
        if (MachineId != node.MachineId)
            differences.Add($"its machine-id is {MachineId} instead of {node.MachineId}");
        if (withNetwork && !Macs.Contains(node.ClusterMac))
            differences.Add($"it has no NIC {node.ClusterMac}");
        if (withNetwork && !Addresses.Contains(node.Address))
            differences.Add($"its addresses are {string.Join(", ", Addresses)} without {node.Address}");
        return differences;
    }

    private static IEnumerable<string> ReadErrors(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("v1", out var result) && result.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateArray().Select(error => error.ToString())]
            : [];
    }
}

/// <summary>A node has not the identity that was planned for it.</summary>
public sealed class NodeIdentityException(string cluster, string node, IReadOnlyList<string> differences)
    : VmClusterException(
        $"Node '{node}' of cluster '{cluster}' is not what was planned: {string.Join("; ", differences)}",
        "Stop it, run ConfigureNetwork for it and start it again; if that does not help, delete and create it anew.");
