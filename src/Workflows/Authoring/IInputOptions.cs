namespace VmCluster.Workflows;

/// <summary>Choices of an input that only a running host knows. Needs a constructor without parameters.</summary>
public interface IInputOptions
{
    IReadOnlyList<string> Options { get; }
}
