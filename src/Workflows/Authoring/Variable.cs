namespace VmCluster.Workflows;

/// <summary>Refers to a variable that the workflow, or a container in it, declares.</summary>
public record Variable
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    public string? TypeName { get; init; }
}
