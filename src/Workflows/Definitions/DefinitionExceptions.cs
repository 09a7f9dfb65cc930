namespace VmCluster.Workflows.Definitions;

/// <summary>A text is no workflow definition.</summary>
public sealed class InvalidDefinitionException(string message, Exception? innerException = null) : WorkflowException(message, innerException);

/// <summary>There is no workflow, or no version of one, with that id.</summary>
public sealed class DefinitionNotFoundException(string id)
    : WorkflowException($"There is no workflow '{id}' in the version asked for. List the workflows to see which there are.");

/// <summary>A definition has no activity with that node id.</summary>
public sealed class ActivityNotFoundException(string nodeId)
    : WorkflowException($"This version of the workflow has no activity '{nodeId}'. Reload the page to see the version as it is.");

/// <summary>A definition can be stored, but not be published, because it cannot run here.</summary>
/// <param name="problems">One sentence for each reason, with what to do about it.</param>
public sealed class DefinitionRefusedException(IReadOnlyList<string> problems) : WorkflowException($"The workflow cannot run: {string.Join(" ", problems)}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
