using System.CommandLine;
using VmCluster.Workflows.Execution;

namespace VmCluster.Host.Cli;

internal static class RunCommand
{
    public static Command Create(Session session)
    {
        var workflow = new Argument<string>("WORKFLOW") { Description = "A file with a workflow definition, or the name of a stored one." };
        var inputs = new Option<string[]>("--input") { Description = "An input of the workflow; may be given many times.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
        var command = new CliCommand(
            "run",
            "Runs any workflow until it ends or waits; prints the lines it wrote, its outputs and its journal.",
            "vmcluster run hello.json --input Name=World",
            "vmcluster run build-cluster --input ClusterName=big --input NodeCount=6")
        { workflow, inputs };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var values = NamedValue.ParseAll(parsed.GetRequiredValue(inputs));
            using var owner = session.TakeOwnership();
            var definition = await new WorkflowLibrary(session).GetAsync(parsed.GetRequiredValue(workflow), cancellationToken);
            var unknown = values.Keys.Except(definition.Inputs.Select(input => input.Name)).FirstOrDefault();
            if (unknown is not null)
                throw new UsageException($"Workflow '{definition.DefinitionId}' has no input '{unknown}'", $"It has: {string.Join(", ", definition.Inputs.Select(input => input.Name))}.");
            var options = new StartOptions
            {
                Input = values,
                CorrelationId = values.TryGetValue("ClusterName", out var cluster) ? cluster.GetString() : null,
                Name = $"run {definition.DefinitionId}",
                StartedBy = Environment.UserName,
            };
            var run = await new RunFollower(session, printLines: !parsed.GetValue(session.Json)).StartAsync(definition, options);
            return await RunOutcome.PrintAsync(session, run, parsed.GetValue(session.Json));
        });
        return command;
    }
}
