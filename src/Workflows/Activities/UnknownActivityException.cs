namespace VmCluster.Workflows.Activities;

/// <summary>A definition names an activity type that this host does not have.</summary>
public sealed class UnknownActivityException(string typeName, int version)
    : WorkflowException($"Activity type '{typeName}' version '{version}' could not be found.");
