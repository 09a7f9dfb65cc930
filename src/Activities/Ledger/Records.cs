namespace VmCluster.Activities.Ledger;

/// <summary>A cluster as it was planned, written before anything of it exists and removed after the last of it is gone.</summary>
public sealed class ClusterRecord
{
    public required string Name { get; init; }

    /// <summary>The run that planned it.</summary>
    public required string RunId { get; set; }

    public required string Provider { get; init; }

    /// <summary>The image as the user named it.</summary>
    public required string Image { get; init; }

    /// <summary>For instance <c>192.168.56.0/24</c>.</summary>
    public required string Subnet { get; init; }

    /// <summary>The private segment's number, unique on this computer (<see cref="Hypervisors.ClusterNic.Segment"/>).</summary>
    public required int Segment { get; init; }

    /// <summary>The account on every node.</summary>
    public required string User { get; init; }

    public required int Cpus { get; init; }
    public required int MemoryMiB { get; init; }
    public required int DiskGiB { get; init; }

    /// <summary>Absolute path of the cluster's folder.</summary>
    public required string Folder { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set when VerifyCluster has proved the cluster.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>In the order of their index.</summary>
    public IList<NodeRecord> Nodes { get; init; } = [];

    /// <exception cref="NodeNotFoundException">The cluster has no such node.</exception>
    public NodeRecord Node(string name) => Nodes.FirstOrDefault(node => node.Name == name) ?? throw new NodeNotFoundException(this, name);

    /// <summary>The folder that holds all files of a node, its disk among them.</summary>
    public string NodeFolder(NodeRecord node) => Path.Combine(Folder, node.Name);

    public Hypervisors.VmReference Vm(NodeRecord node) => new(node.Id, Name, node.Name, NodeFolder(node));
}

/// <summary>A node as it was planned: everything that makes it distinct.</summary>
public sealed class NodeRecord
{
    /// <summary>Our UUID of the VM.</summary>
    public required Guid Id { get; init; }

    public required string Cluster { get; init; }

    /// <summary>The run that planned it.</summary>
    public required string RunId { get; init; }

    public required string Name { get; init; }

    /// <summary>0 for the front end, then 1, 2, ...</summary>
    public required int Index { get; init; }

    /// <summary>On the cluster network, for instance <c>192.168.56.11</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Port on 127.0.0.1; unique on this computer.</summary>
    public required int SshPort { get; init; }

    public required string NatMac { get; init; }
    public required string ClusterMac { get; init; }

    /// <summary>32 hexadecimal digits: the UUID without dashes.</summary>
    public string MachineId => Id.ToString("N");

    public bool IsFrontEnd => Index == 0;
}

/// <summary>What a cluster is planned from.</summary>
public sealed record ClusterPlan(
    string Name,
    string RunId,
    int NodeCount,
    string Provider,
    string Image,
    System.Net.IPNetwork Subnet,
    string User,
    int Cpus,
    int MemoryMiB,
    int DiskGiB);
