using VmCluster.Workflows.Definitions;
using VmCluster.Workflows.Expressions;

namespace VmCluster.Workflows.Execution;

/// <summary>Whether a run can go on with another version of its definition.</summary>
internal static class Migration
{
    /// <summary>All that stands against it: what has run, or waits, must be in the new version as it was. What has failed or is still to come may change.</summary>
    public static List<string> ReasonsAgainst(WorkflowState state, WorkflowDefinition target)
    {
        var instance = state.Instance;
        if (target.DefinitionId != instance.DefinitionId)
            return [$"'{target.DefinitionId}' is another workflow than '{instance.DefinitionId}'"];

        if (target.Id == instance.DefinitionVersionId)
            return ["it is on that version"];

        if (state.IsRunningCode)
            return ["steps are running: pause it first"];

        var live = state.Executions.Values
            .OrderBy(execution => execution.Order)
            .Select(execution => (execution.Node, Mark: Standing(execution), MayChangeType: execution.Status == ActivityStatus.Faulted || execution.Attempt == 0));
        var completed = state.Completed
            .Order(StringComparer.Ordinal)
            .Select(nodeId => (Node: state.Graph.Nodes[nodeId], Mark: "has run", MayChangeType: false));
        var reasons = new List<string>();
        var missing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (node, mark, mayChangeType) in live.Concat(completed).DistinctBy(step => (step.Node.NodeId, step.MayChangeType)))
        {
            if (!target.Graph.Nodes.TryGetValue(node.NodeId, out var now))
            {
                // Where a container is gone, what was in it needs no mention.
                if (missing.Add(node.NodeId) && !missing.Contains(WorkflowGraph.ParentOf(node.NodeId)!))
                    reasons.Add(target.Graph.Nodes.Values.Any(other => other.Id == node.Id) ? $"'{node.Id}' {mark}, and is in another container now" : $"'{node.Id}' {mark}, and is not there any more");
            }
            else if (!mayChangeType && now.Type != node.Type)
            {
                reasons.Add($"'{node.Id}' {mark} as {node.Type}, and is {now.Type} now");
            }
        }

        try
        {
            WorkflowInputs.Complete(target, instance.Input);
        }
        catch (InputConversionException e)
        {
            reasons.Add(e.Message.TrimEnd('.'));
        }

        return reasons;
    }

    private static string Standing(ExecutionState execution) => execution.Status switch
    {
        ActivityStatus.Faulted => "has failed",
        ActivityStatus.Pending => "is about to run",
        _ => "is under way",
    };
}
