namespace VmCluster.Workflows.Expressions;

/// <summary>The expression of an input could not be evaluated; the inner exception says why.</summary>
public sealed class ExpressionException(string input, Exception innerException)
    : WorkflowException($"Failed to evaluate activity input '{input}'", innerException);
