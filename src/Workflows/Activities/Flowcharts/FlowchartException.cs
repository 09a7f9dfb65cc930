namespace VmCluster.Workflows.Activities.Flowcharts;

/// <summary>A flowchart's connections make no sense where the run has come to.</summary>
public sealed class FlowchartException(string message) : WorkflowException(message);
