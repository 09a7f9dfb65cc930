using System.Net;
using VmCluster.Activities.Hypervisors;
using VmCluster.Activities.Identity;
using VmCluster.Activities.Images;
using VmCluster.Activities.Ledger;
using VmCluster.Activities.Nodes;
using VmCluster.Workflows;

namespace VmCluster.Activities.Clusters;

[Activity("VmCluster", "VM Cluster", "Checks whether the cluster can be built here, says everything that stands in the way, and reserves names, addresses and ports.", Kind = ActivityKind.Task)]
public sealed class PlanCluster : ClusterActivity
{
    private const string User = "vmcluster";

    [Input(DisplayName = "Nodes", Description = "How many nodes, the front end included.", DefaultValue = 3, Order = 1)]
    public Input<int> NodeCount { get; set; } = new();

    [Input(DisplayName = "Memory", Description = "Memory of each node.", Unit = "MiB", DefaultValue = 512, Order = 2)]
    public Input<int> MemoryMiB { get; set; } = new();

    [Input(DisplayName = "CPUs", Description = "CPUs of each node.", DefaultValue = 1, Order = 3)]
    public Input<int> Cpus { get; set; } = new();

    [Input(DisplayName = "Disk", Description = "Size of each node's disk; it takes space as it is used.", Unit = "GiB", DefaultValue = 8, Order = 4)]
    public Input<int> DiskGiB { get; set; } = new();

    [Input(DisplayName = "Image", Description = "A name of the catalogue, a path, or a URL with #sha256=...; auto takes the provider's own.",
        UIHint = InputUIHints.DropDown, OptionsProvider = typeof(ImageOptions), DefaultValue = "auto", Order = 5)]
    public Input<string> Image { get; set; } = new();

    [Input(DisplayName = "Provider", Description = "What runs the VMs; auto takes the first that works here.",
        UIHint = InputUIHints.DropDown, Options = ["auto", "virtualbox", "qemu"], DefaultValue = "auto", Order = 6)]
    public Input<string> Provider { get; set; } = new();

    [Input(DisplayName = "Subnet", Description = "The cluster's private network.", DefaultValue = "192.168.56.0/24", Order = 7)]
    public Input<string> Subnet { get; set; } = new();

    [Input(DisplayName = "Force", Description = "Go on in spite of too little memory or disk and of a subnet in use.", DefaultValue = false, Order = 8)]
    public Input<bool> Force { get; set; } = new();

    [Output(DisplayName = "Nodes", Description = "The names of all nodes, the front end first.")]
    public Output<IReadOnlyList<string>> Nodes { get; set; } = new();

    [Output(DisplayName = "Front end", Description = "The front end's name.")]
    public Output<string> FrontEnd { get; set; } = new();

    [Output(DisplayName = "Compute nodes", Description = "The names of the other nodes.")]
    public Output<IReadOnlyList<string>> ComputeNodes { get; set; } = new();

    protected override async Task RunAsync(ActivityExecutionContext context, string clusterName)
    {
        var ledger = context.GetRequiredService<ClusterLedger>();
        var cluster = await ledger.FindAsync(clusterName, context.CancellationToken);
        if (cluster?.RunId != context.WorkflowInstanceId)
        {
            var (hypervisor, image, problems) = await CheckAsync(context, clusterName, cluster);
            Refuse(context, problems);
            await EnsureImageAsync(context, hypervisor!, image);
            cluster = await ledger.ReserveAsync(
                new ClusterPlan(clusterName, context.WorkflowInstanceId, NodeCount.Get(context), hypervisor!.Name, image, IPNetwork.Parse(Subnet.Get(context)!),
                    User, Cpus.Get(context), MemoryMiB.Get(context), DiskGiB.Get(context)),
                context.CancellationToken);
        }

        await context.GetRequiredService<ClusterIdentity>().EnsureAsync(cluster, context.CancellationToken);
        context.Set(Nodes, [.. cluster.Nodes.Select(node => node.Name)]);
        context.Set(FrontEnd, cluster.Nodes[0].Name);
        context.Set(ComputeNodes, [.. cluster.Nodes.Skip(1).Select(node => node.Name)]);
    }

    /// <summary>The hypervisor is null where there is none of the name, which is a problem that cannot be forced.</summary>
    private async Task<(IHypervisor? Hypervisor, string Image, List<PreflightProblem> Problems)> CheckAsync(ActivityExecutionContext context, string clusterName, ClusterRecord? existing)
    {
        var nodes = NodeCount.Get(context);
        var folder = context.GetRequiredService<DataFolder>();
        Directory.CreateDirectory(folder.Root);
        var drive = new DriveInfo(folder.Root);
        List<PreflightProblem> problems =
        [
            .. Preflight.Name(clusterName),
            .. Preflight.Count(nodes),
            .. Preflight.Sizes(Cpus.Get(context), MemoryMiB.Get(context), DiskGiB.Get(context)),
            .. Preflight.Memory(Preflight.AvailableMemoryMiB(), nodes, MemoryMiB.Get(context)),
            .. Preflight.Disk(drive.AvailableFreeSpace >> 30, drive.TotalSize >> 30, nodes, DiskGiB.Get(context)),
            .. Preflight.Subnet(Subnet.Get(context) ?? "", nodes, Preflight.HostNetworks()),
        ];
        if (existing is not null)
            problems.Add(new($"There is a cluster '{clusterName}' already, planned by run {existing.RunId}", $"Take another name, or remove it with 'vmcluster destroy {clusterName}'."));
        else if (problems.Count == 0 && Directory.Exists(folder.Cluster(clusterName)))
            problems.Add(new($"'{folder.Cluster(clusterName)}' exists and is no cluster of ours", "Move it away, or take another name."));

        IHypervisor? hypervisor = null;
        try
        {
            (hypervisor, var inTheWay) = await context.GetRequiredService<HypervisorChoice>().ChooseAsync(Provider.Get(context) ?? "", context.CancellationToken);
            foreach (var problem in inTheWay)
                Add(problem);
        }
        catch (UnknownProviderException e)
        {
            problems.Add(new(e.Message, ""));
        }

        var image = Image.Get(context) is { Length: > 0 } named && named != HypervisorChoice.Auto ? named : hypervisor?.DefaultImage;
        if (image is not null)
        {
            foreach (var problem in await context.GetRequiredService<ImageCatalog>().CheckAsync(image, context.CancellationToken))
                Add(problem);
        }

        return (hypervisor, image ?? "", problems);

        void Add(HypervisorProblem problem)
        {
            if (problem.IsFatal)
                problems.Add(new(problem.What, problem.Remedy, problem.CanBeForced));
            else
                context.AddExecutionLogEntry("Warning", $"{problem.What.TrimEnd('.')}. {problem.Remedy}");
        }
    }

    private void Refuse(ActivityExecutionContext context, List<PreflightProblem> problems)
    {
        var forced = Force.Get(context) ? problems.Where(problem => problem.CanBeForced).ToList() : [];
        foreach (var problem in forced)
            context.AddExecutionLogEntry("Warning", $"Forced: {problem}");
        PreflightException.ThrowIfAny(problems.Except(forced));
    }

    /// <summary>Before anything is reserved, so that an image that cannot be had leaves nothing behind.</summary>
    private async Task EnsureImageAsync(ActivityExecutionContext context, IHypervisor hypervisor, string image)
    {
        try
        {
            var boot = await CreateNode.EnsureImageAsync(context, image);
            Refuse(context, [.. Preflight.Image(image, boot, hypervisor, MemoryMiB.Get(context))]);
        }
        catch (ImageException e)
        {
            throw new PreflightException([new(e.What, e.Remedy)]);
        }
    }
}
