namespace VmCluster.Workflows.Expressions;

/// <summary>A script threw, cannot be parsed, or exceeded its limits.</summary>
public sealed class ScriptException(string message, Exception? innerException = null) : WorkflowException(message, innerException);
