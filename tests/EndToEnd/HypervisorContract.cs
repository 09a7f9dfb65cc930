using VmCluster.Activities.Hypervisors;

namespace VmCluster.EndToEnd;

/// <summary>What every hypervisor must do: asked twice it does once, and what it did survives a crash.</summary>
public abstract class HypervisorContract : IAsyncLifetime
{
    protected string Root { get; } = Directory.CreateTempSubdirectory("vmc").FullName;

    protected abstract IHypervisor Hypervisor { get; }

    private readonly List<VmReference> _made = [];

    public abstract Task InitializeAsync();

    public async Task DisposeAsync()
    {
        // The newest first: a linked clone may need its source.
        foreach (var vm in _made.AsEnumerable().Reverse())
            await Hypervisor.DeleteAsync(vm, default);
        Directory.Delete(Root, recursive: true);
    }

    /// <summary>A small VM that need not boot.</summary>
    protected abstract VmSpec Describe(VmReference vm);

    [ContractFact]
    public async Task A_VM_that_was_never_made_is_not_found()
    {
        var vm = Reference("fe1");

        Assert.Null(await Hypervisor.FindAsync(vm, default));
        await Assert.ThrowsAsync<VmNotFoundException>(() => Hypervisor.StartAsync(vm, default));
        await Hypervisor.DeleteAsync(vm, default);
    }

    [ContractFact]
    public async Task A_VM_that_is_made_twice_is_made_once()
    {
        var spec = Describe(Reference("fe1"));

        await Hypervisor.CreateAsync(spec, default);
        await Hypervisor.CreateAsync(spec, default);

        var found = await Hypervisor.FindAsync(spec.Vm, default);
        Assert.Equal((VmState.Stopped, null, spec), (found!.State, found.ProcessId, found.Spec));
    }

    [ContractFact]
    public async Task A_VM_that_is_started_twice_at_once_runs_once()
    {
        var spec = await CreateAsync("fe1");

        await Task.WhenAll(Hypervisor.StartAsync(spec.Vm, default), Hypervisor.StartAsync(spec.Vm, default));
        var first = await Hypervisor.FindAsync(spec.Vm, default);
        await Hypervisor.StartAsync(spec.Vm, default);
        var second = await Hypervisor.FindAsync(spec.Vm, default);

        Assert.Equal(VmState.Running, first!.State);
        Assert.NotNull(first.ProcessId);
        Assert.Equal(first, second);
    }

    [ContractFact]
    public async Task A_VM_that_is_stopped_twice_is_stopped_and_can_be_started_again()
    {
        var spec = await CreateAsync("fe1");
        await Hypervisor.StartAsync(spec.Vm, default);

        await Hypervisor.StopAsync(spec.Vm, TimeSpan.Zero, default);
        await Hypervisor.StopAsync(spec.Vm, TimeSpan.Zero, default);

        Assert.Equal(VmState.Stopped, await StateAsync(spec));
        await Hypervisor.StartAsync(spec.Vm, default);
        Assert.Equal(VmState.Running, await StateAsync(spec));
    }

    [ContractFact]
    public async Task A_running_VM_that_is_deleted_twice_leaves_nothing()
    {
        var spec = await CreateAsync("fe1");
        await Hypervisor.StartAsync(spec.Vm, default);

        await Hypervisor.DeleteAsync(spec.Vm, default);
        await Hypervisor.DeleteAsync(spec.Vm, default);

        Assert.Null(await Hypervisor.FindAsync(spec.Vm, default));
        Assert.False(Directory.Exists(spec.Vm.Folder));
    }

    [ContractTheory]
    [InlineData(CloneKind.Linked)]
    [InlineData(CloneKind.Full)]
    public async Task Clones_made_side_by_side_and_twice_are_VMs_of_their_own(CloneKind kind)
    {
        var source = await CreateAsync("fe1");
        await Hypervisor.StartAsync(source.Vm, default);
        await Hypervisor.StopAsync(source.Vm, TimeSpan.Zero, default);
        var clones = Enumerable.Range(1, 3).Select(number => Describe(Reference($"node{number}"))).ToList();

        await Task.WhenAll(clones.Concat(clones).Select(clone => Hypervisor.CloneAsync(clone, source.Vm, kind, default)));
        await Task.WhenAll(clones.Append(source).Select(spec => Hypervisor.StartAsync(spec.Vm, default)));

        var running = await Task.WhenAll(clones.Append(source).Select(spec => Hypervisor.FindAsync(spec.Vm, default)));
        Assert.All(running, vm => Assert.Equal(VmState.Running, vm!.State));
        Assert.Equal(4, running.Select(vm => vm!.ProcessId).Distinct().Count());
    }

    [ContractFact]
    public async Task A_running_VM_is_not_cloned()
    {
        var source = await CreateAsync("fe1");
        await Hypervisor.StartAsync(source.Vm, default);

        var error = await Assert.ThrowsAsync<VmRunningException>(() => CloneAsync("node1", source));

        Assert.Contains("Stop it first", error.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_full_clone_outlives_its_source()
    {
        var source = await CreateAsync("fe1");
        await Hypervisor.StartAsync(source.Vm, default);
        await Hypervisor.StopAsync(source.Vm, TimeSpan.Zero, default);
        var clone = await CloneAsync("node1", source, CloneKind.Full);

        await Hypervisor.DeleteAsync(source.Vm, default);
        await Hypervisor.StartAsync(clone.Vm, default);

        Assert.Equal(VmState.Running, await StateAsync(clone));
    }

    [ContractFact]
    public async Task A_stopped_VM_is_configured_and_a_running_one_is_not()
    {
        var spec = await CreateAsync("fe1");
        var larger = spec with { MemoryMiB = spec.MemoryMiB + 32 };

        await Hypervisor.ConfigureAsync(larger, default);
        await Hypervisor.StartAsync(spec.Vm, default);
        await Hypervisor.ConfigureAsync(larger, default);

        Assert.Equal(larger, (await Hypervisor.FindAsync(spec.Vm, default))!.Spec);
        await Assert.ThrowsAsync<VmRunningException>(() => Hypervisor.ConfigureAsync(spec, default));
    }

    [ContractFact]
    public async Task A_VM_of_another_id_in_the_same_folder_is_not_touched()
    {
        var spec = await CreateAsync("fe1");
        await Hypervisor.StartAsync(spec.Vm, default);
        var stranger = spec.Vm with { Id = Guid.NewGuid() };

        Assert.Null(await Hypervisor.FindAsync(stranger, default));
        await Hypervisor.DeleteAsync(stranger, default);
        await Assert.ThrowsAsync<VmFolderException>(() => Hypervisor.CreateAsync(spec with { Vm = stranger }, default));

        Assert.Equal(VmState.Running, await StateAsync(spec));
    }

    protected VmReference Reference(string node)
    {
        var vm = new VmReference(Guid.NewGuid(), "contract", node, Path.Combine(Root, "contract", node));
        _made.Add(vm);
        return vm;
    }

    protected async Task<VmSpec> CreateAsync(string node)
    {
        var spec = Describe(Reference(node));
        await Hypervisor.CreateAsync(spec, default);
        return spec;
    }

    protected async Task<VmSpec> CloneAsync(string node, VmSpec source, CloneKind kind = CloneKind.Linked)
    {
        var spec = Describe(Reference(node));
        await Hypervisor.CloneAsync(spec, source.Vm, kind, default);
        return spec;
    }

    protected async Task<VmState?> StateAsync(VmSpec spec) => (await Hypervisor.FindAsync(spec.Vm, default))?.State;
}
