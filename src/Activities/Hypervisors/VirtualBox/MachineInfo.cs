using System.Globalization;

namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>A VM as <c>showvminfo --machinereadable</c> describes it.</summary>
internal sealed class MachineInfo
{
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private readonly List<(string Suffix, string Name)> snapshotNames = [];

    private MachineInfo(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var forwards = new List<(int Adapter, string Rule)>();
        var adapter = 0;
        foreach (var (key, value) in pairs)
        {
            // A forward does not name its adapter: it belongs to the NAT adapter above it, and the numbers start again there.
            if (key.StartsWith("nic", StringComparison.Ordinal) && int.TryParse(key.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                adapter = number;
            if (key.StartsWith("Forwarding(", StringComparison.Ordinal))
                forwards.Add((adapter, value));
            else if (key.StartsWith("SnapshotName", StringComparison.Ordinal))
                snapshotNames.Add((key["SnapshotName".Length..], value));
            else
                values.TryAdd(key, value);
        }

        Forwards = forwards;
    }

    public Guid Id => Guid.Parse(this["UUID"]);

    public string Name => this["name"];

    public string Groups => this["groups"];

    public string SettingsFile => this["CfgFile"];

    public string Folder => Path.GetDirectoryName(SettingsFile)!;

    /// <summary>VirtualBox's word: <c>poweroff</c>, <c>running</c>, <c>saved</c>, <c>paused</c>, <c>aborted</c>, ...</summary>
    public string State => this["VMState"];

    /// <summary>The NAT rules as <c>name,protocol,host address,host port,guest address,guest port</c>, with the number of their adapter.</summary>
    public IReadOnlyList<(int Adapter, string Rule)> Forwards { get; }

    /// <summary>The snapshots, each after the one that it builds on.</summary>
    public IReadOnlyList<VmSnapshot> Snapshots => [.. snapshotNames.Select(s => new VmSnapshot(s.Name, Guid.Parse(this["SnapshotUUID" + s.Suffix]), this["SnapshotUUID" + s.Suffix] == this["CurrentSnapshotUUID"]))];

    /// <summary>The value of a key; empty where it is not printed.</summary>
    public string this[string key] => values.GetValueOrDefault(key, "");

    public static MachineInfo Parse(string output) => new(MachineReadable.Parse(output));

    public bool HasController(string name) => values.Any(v => v.Key.StartsWith("storagecontrollername", StringComparison.Ordinal) && v.Value == name);

    /// <summary>The path of the medium in a slot; null where there is none or no drive.</summary>
    public string? Medium(string controller, int port) => this[string.Create(CultureInfo.InvariantCulture, $"{controller}-{port}-0")] is { Length: > 0 } medium && medium is not ("none" or "emptydrive") ? medium : null;

    public VmState ToVmState() => State switch
    {
        "running" or "starting" or "stopping" or "restoring" or "saving" or "teleporting" or "livesnapshotting" => VmState.Running,
        "paused" or "gurumeditation" or "stuck" => VmState.Stalled,
        _ => VmState.Stopped,
    };
}
