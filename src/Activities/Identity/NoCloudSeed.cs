using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using VmCluster.Activities.Ledger;

namespace VmCluster.Activities.Identity;

/// <summary>
/// What cloud-init is told about one node. The three documents are YAML by name and JSON by content, which is valid YAML.
/// </summary>
/// <param name="MetaData">Instance id and hostname.</param>
/// <param name="UserData">User, keys, files.</param>
/// <param name="NetworkConfig">NICs by MAC address.</param>
public sealed record NoCloudSeed(string MetaData, string UserData, string NetworkConfig)
{
    /// <param name="cluster">The cluster with all its planned nodes.</param>
    /// <param name="node">The node that the seed is for.</param>
    /// <param name="keys">The keys that it gets.</param>
    /// <param name="withNetwork">Whether the VM has the NIC on the cluster network; cloud-init refuses a NIC that is not there.</param>
    public static NoCloudSeed Of(ClusterRecord cluster, NodeRecord node, NodeKeys keys, bool withNetwork)
    {
        var network = Network(cluster, node, withNetwork).ToJsonString();
        return new NoCloudSeed(
            new JsonObject { ["instance-id"] = InstanceId(cluster, node, keys, network), ["local-hostname"] = node.Name }.ToJsonString(),
            "#cloud-config\n" + User(cluster, node, keys).ToJsonString(),
            network);
    }

    /// <summary>
    /// Another id makes cloud-init apply everything anew, so it changes exactly when what makes the node distinct does:
    /// a clone of a node that has run gets its own identity, and a restart changes nothing.
    /// </summary>
    private static string InstanceId(ClusterRecord cluster, NodeRecord node, NodeKeys keys, string network)
    {
        var identity = string.Join('\n', node.Name, cluster.User, keys.HostPublic, keys.ClusterPublic, network);
        return $"{node.MachineId}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..12]}";
    }

    private static JsonObject Network(ClusterRecord cluster, NodeRecord node, bool withNetwork)
    {
        var ethernets = new JsonObject
        {
            ["eth0"] = new JsonObject { ["match"] = Mac(node.NatMac), ["set-name"] = "eth0", ["dhcp4"] = true },
        };
        if (withNetwork)
        {
            ethernets["eth1"] = new JsonObject
            {
                ["match"] = Mac(node.ClusterMac),
                ["set-name"] = "eth1",
                ["addresses"] = new JsonArray($"{node.Address}/{IPNetwork.Parse(cluster.Subnet).PrefixLength}"),
                ["optional"] = true,
            };
        }

        return new JsonObject { ["version"] = 2, ["ethernets"] = ethernets };
    }

    private static JsonObject Mac(string address) => new() { ["macaddress"] = address };

    private static JsonObject User(ClusterRecord cluster, NodeRecord node, NodeKeys keys) => new()
    {
        ["hostname"] = node.Name,
        ["preserve_hostname"] = false,
        ["create_hostname_file"] = true,
        ["manage_etc_hosts"] = false,
        // Images without the locales package report an error otherwise.
        ["locale"] = false,
        ["ssh_pwauth"] = false,
        ["disable_root"] = true,
        ["ssh_deletekeys"] = true,
        ["ssh_keys"] = new JsonObject { ["ed25519_private"] = keys.HostPrivate, ["ed25519_public"] = keys.HostPublic },
        ["users"] = new JsonArray(new JsonObject
        {
            ["name"] = cluster.User,
            ["gecos"] = "VmCluster",
            ["shell"] = "/bin/bash",
            ["sudo"] = "ALL=(ALL) NOPASSWD:ALL",
            ["lock_passwd"] = true,
            ["ssh_authorized_keys"] = new JsonArray(keys.ClusterPublic),
        }),
        ["bootcmd"] = new JsonArray(new JsonArray("sh", "-c", SetMachineId(node.MachineId))),
        ["write_files"] = new JsonArray(
        [
            .. GuestFiles.Of(cluster, keys.AllHostPublic).Select(JsonNode (file) => new JsonObject { ["path"] = file.Path, ["content"] = file.Content, ["permissions"] = "0644" }),
            // Deferred, because its owner is made after the other files.
            new JsonObject
            {
                ["path"] = $"/home/{cluster.User}/.ssh/id_ed25519",
                ["content"] = keys.ClusterPrivate,
                ["permissions"] = "0600",
                ["owner"] = $"{cluster.User}:{cluster.User}",
                ["defer"] = true,
            },
        ]),
    };

    /// <summary>The disk of a clone carries its source's id, and cloud-init leaves it alone.</summary>
    private static string SetMachineId(string id) =>
        $"[ \"$(cat /etc/machine-id)\" = {id} ] || {{ echo {id} >/etc/machine-id; [ ! -e /var/lib/dbus/machine-id ] || ln -sf /etc/machine-id /var/lib/dbus/machine-id; }}";
}

/// <summary>The keys that a node's seed holds.</summary>
/// <param name="ClusterPrivate">The cluster's private key, as its file has it.</param>
/// <param name="ClusterPublic">Its public line.</param>
/// <param name="HostPrivate">The node's own private host key.</param>
/// <param name="HostPublic">Its public line.</param>
/// <param name="AllHostPublic">The public host keys of all planned nodes by node name.</param>
public sealed record NodeKeys(string ClusterPrivate, string ClusterPublic, string HostPrivate, string HostPublic, IReadOnlyDictionary<string, string> AllHostPublic)
{
    /// <summary>Says nothing, so that no key is ever printed.</summary>
    public override string ToString() => nameof(NodeKeys);
}
