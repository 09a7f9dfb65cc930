namespace VmCluster.Workflows;

/// <summary>A part of a list, and how long the whole list is.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, int TotalCount)
{
    public Page<TOther> Select<TOther>(Func<T, TOther> map) => new(Items.Select(map).ToList(), TotalCount);
}
