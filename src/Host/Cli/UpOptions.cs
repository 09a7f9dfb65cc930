using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using VmCluster.Activities.Ledger;

namespace VmCluster.Host.Cli;

/// <summary>The options of <c>up</c>. What is not given is left to the workflow's own defaults.</summary>
internal sealed class UpOptions
{
    public Argument<string> Name { get; } = new("NAME") { Description = "The cluster's name.", DefaultValueFactory = _ => "demo" };
    public Option<int?> Nodes { get; } = Number("--nodes", "N", "How many nodes, the front end included (3).");
    public Option<int?> Memory { get; } = Number("--memory", "MiB", "Memory of each node (512).");
    public Option<int?> Cpus { get; } = Number("--cpus", "N", "Processors of each node (1).");
    public Option<int?> Disk { get; } = Number("--disk", "GiB", "Disk of each node (8).");
    public Option<string?> Image { get; } = new("--image") { Description = "debian-12, ubuntu-24.04, a path, or a URL; '#sha256=HEX' behind the last two (the hypervisor's own)." };
    public Option<string?> Provider { get; } = new("--provider") { Description = "The hypervisor: auto, virtualbox or qemu (auto)." };
    public Option<string?> Subnet { get; } = new("--subnet") { Description = "The cluster's own network (192.168.56.0/24).", HelpName = "CIDR" };
    public Option<string?> Workflow { get; } = new("--workflow") { Description = "Another workflow to build it with: a file or a name (build-cluster)." };
    public Option<bool> Force { get; } = new("--force") { Description = "Go on where the checks before the first step would refuse." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(Name);
        foreach (var option in new Option[] { Nodes, Memory, Cpus, Disk, Image, Provider, Subnet, Workflow, Force })
            command.Options.Add(option);
    }

    /// <summary>The given options as inputs of the workflow.</summary>
    public Dictionary<string, JsonElement> Inputs(ParseResult parsed)
    {
        var inputs = new Dictionary<string, JsonElement>();
        Add("NodeCount", parsed.GetValue(Nodes));
        Add("MemoryMiB", parsed.GetValue(Memory));
        Add("Cpus", parsed.GetValue(Cpus));
        Add("DiskGiB", parsed.GetValue(Disk));
        Add("Image", parsed.GetValue(Image));
        Add("Provider", parsed.GetValue(Provider));
        Add("Subnet", parsed.GetValue(Subnet));
        if (parsed.GetValue(Force))
            Add("Force", true);
        return inputs;

        void Add<T>(string name, T? value)
        {
            if (value is not null)
                inputs.Add(name, JsonSerializer.SerializeToElement(value));
        }
    }

    /// <summary>The given options that say something else than the cluster is, as <c>--nodes 4 (it has 3)</c>.</summary>
    public IReadOnlyList<string> DifferencesFrom(ClusterRecord cluster, ParseResult parsed)
    {
        var differences = new List<string>();
        Compare(Nodes, cluster.Nodes.Count);
        Compare(Memory, cluster.MemoryMiB);
        Compare(Cpus, cluster.Cpus);
        Compare(Disk, cluster.DiskGiB);
        Compare(Image, cluster.Image);
        Compare(Subnet, cluster.Subnet);
        if (parsed.GetValue(Provider) is not "auto")
            Compare(Provider, cluster.Provider);
        return differences;

        void Compare<T>(Option<T> option, object actual)
        {
            var wanted = Convert.ToString(parsed.GetValue(option), CultureInfo.InvariantCulture);
            var has = Convert.ToString(actual, CultureInfo.InvariantCulture);
            if (!string.IsNullOrEmpty(wanted) && wanted != has)
                differences.Add($"{option.Name} {wanted} (it has {has})");
        }
    }

    private static Option<int?> Number(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number))
                return number;
            result.AddError($"{name} takes a whole number, not '{result.Tokens[0].Value}'");
            return null;
        },
    };
}
