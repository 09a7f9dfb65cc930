using VmCluster.Activities.Hypervisors;

namespace VmCluster.Activities.Clusters;

/// <summary>Finds a hypervisor by the name that users give it; <c>auto</c> is the first that can start VMs here.</summary>
public sealed class HypervisorChoice(IEnumerable<IHypervisor> hypervisors)
{
    public const string Auto = "auto";

    private readonly IReadOnlyList<IHypervisor> hypervisors = [.. hypervisors];

    public IReadOnlyList<string> Names => [.. hypervisors.Select(hypervisor => hypervisor.Name)];

    /// <exception cref="UnknownProviderException">There is none of this name.</exception>
    public IHypervisor Get(string name) =>
        hypervisors.FirstOrDefault(hypervisor => hypervisor.Name == name) ?? throw new UnknownProviderException(name, Names);

    /// <summary>The hypervisor with all that stands in its way. For <c>auto</c> where none can start VMs: the last, with its problems.</summary>
    /// <exception cref="UnknownProviderException">There is none of this name.</exception>
    public async Task<(IHypervisor Hypervisor, IReadOnlyList<HypervisorProblem> Problems)> ChooseAsync(string name, CancellationToken cancellationToken)
    {
        if (name != Auto)
            return (Get(name), await Get(name).CheckAsync(cancellationToken));
        (IHypervisor, IReadOnlyList<HypervisorProblem>)? last = null;
        foreach (var hypervisor in hypervisors)
        {
            var problems = await hypervisor.CheckAsync(cancellationToken);
            if (!problems.Any(problem => problem.IsFatal))
                return (hypervisor, problems);
            last = (hypervisor, problems);
        }

        return last ?? throw new UnknownProviderException(name, Names);
    }
}

public sealed class UnknownProviderException(string name, IReadOnlyList<string> known)
    : VmClusterException($"There is no provider '{name}'", $"Known are: {string.Join(", ", known.Prepend(HypervisorChoice.Auto))}.");
