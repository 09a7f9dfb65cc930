using VmCluster.Activities.Hypervisors;

namespace VmCluster.Activities.Tests.Support;

/// <summary>Has VMs in name only, so that they can be in any state on demand.</summary>
internal sealed class FakeHypervisor : IHypervisor
{
    private readonly Dictionary<Guid, VmInfo> vms = [];

    public string Name => "qemu";

    /// <summary>The calls that changed something, as <c>create fe1</c>.</summary>
    public IList<string> Changes { get; } = [];

    /// <summary>What a VM is after it was started.</summary>
    public VmState StateAfterStart { get; set; } = VmState.Running;

    public void Add(VmReference vm, VmState state) => vms[vm.Id] = new VmInfo(state, null, Spec(vm), state.ToString());

    public Task<IReadOnlyList<HypervisorProblem>> CheckAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<HypervisorProblem>>([]);

    public Task<VmInfo?> FindAsync(VmReference vm, CancellationToken cancellationToken)
    {
        lock (vms)
            return Task.FromResult(vms.GetValueOrDefault(vm.Id));
    }

    public Task CreateAsync(VmSpec spec, CancellationToken cancellationToken) => Change("create", spec.Vm, new VmInfo(VmState.Stopped, null, spec, "stopped"));

    public Task CloneAsync(VmSpec spec, VmReference source, CloneKind kind, CancellationToken cancellationToken) =>
        Change($"{kind} clone of {source.Node}:", spec.Vm, new VmInfo(VmState.Stopped, null, spec, "stopped"));

    public Task ConfigureAsync(VmSpec spec, CancellationToken cancellationToken) => Change("configure", spec.Vm, new VmInfo(VmState.Stopped, null, spec, "stopped"));

    public Task StartAsync(VmReference vm, CancellationToken cancellationToken) => Change("start", vm, vms[vm.Id] with { State = StateAfterStart });

    public Task StopAsync(VmReference vm, TimeSpan grace, CancellationToken cancellationToken) => Change("stop", vm, vms[vm.Id] with { State = VmState.Stopped });

    public Task DeleteAsync(VmReference vm, CancellationToken cancellationToken) => Change("delete", vm, null);

    private static VmSpec Spec(VmReference vm) => new()
    {
        Vm = vm,
        Cpus = 1,
        MemoryMiB = 512,
        DiskGiB = 8,
        Image = new BootImage("/image/disk.qcow2"),
        Nat = new NatNic("52:54:00:00:00:01", 22222),
        SeedPath = Path.Combine(vm.Folder, "seed.iso"),
    };

    private Task Change(string what, VmReference vm, VmInfo? info)
    {
        lock (vms)
        {
            Changes.Add($"{what} {vm.Node}");
            if (info is null)
                vms.Remove(vm.Id);
            else
                vms[vm.Id] = info;
        }

        return Task.CompletedTask;
    }
}
