namespace VmCluster.Activities.Clusters;

/// <summary>Something that stands in the way of a plan.</summary>
/// <param name="What">What is wrong.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="CanBeForced">Whether going on is possible for somebody who insists.</param>
public sealed record PreflightProblem(string What, string Remedy, bool CanBeForced = false)
{
    public override string ToString() => $"{What.TrimEnd('.')}. {Remedy}";
}

/// <summary>The plan cannot be carried out; nothing has been made. Says everything that is wrong at once.</summary>
public sealed class PreflightException(IReadOnlyList<PreflightProblem> problems)
    : VmClusterException(
        problems.Count == 1 ? problems[0].What : $"{problems.Count} things stand in the way: {string.Join(" ", problems.Select((problem, index) => $"({index + 1}) {problem}"))}",
        problems.Count == 1 ? problems[0].Remedy : problems.Any(problem => problem.CanBeForced) ? "Correct them; --force goes on all the same, as far as it can." : "Correct them and start again.")
{
    public IReadOnlyList<PreflightProblem> Problems { get; } = problems;

    public static void ThrowIfAny(IEnumerable<PreflightProblem> problems)
    {
        if (problems.ToList() is { Count: > 0 } found)
            throw new PreflightException(found);
    }
}
