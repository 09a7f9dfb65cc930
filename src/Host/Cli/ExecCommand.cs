using System.CommandLine;
using VmCluster.Activities.Processes;
using Command = VmCluster.Activities.Processes.Command;

namespace VmCluster.Host.Cli;

internal static class ExecCommand
{
    public static System.CommandLine.Command Create(Session session)
    {
        var name = new Argument<string>("NAME") { Description = "The cluster." };
        var all = new Option<bool>("--all", "-a") { Description = "On every node at once; each line has the node's name before it." };
        var command = new CliCommand(
            "exec",
            "Runs a command on the front end, or on all nodes, with its arguments exactly as given.",
            "vmcluster exec demo -- mpirun --hostfile /etc/vmcluster/hosts.mpi hostname",
            "vmcluster exec demo --all -- uptime")
        { name, all };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (session.RemoteCommand.Count == 0)
                throw new UsageException("There is no command to run", $"Put it behind '--': {session.Outside.Program} exec {parsed.GetValue(name)} --all -- hostname");
            var cluster = await session.Ledger.GetAsync(parsed.GetRequiredValue(name), cancellationToken);
            var config = ClusterSsh.ConfigOf(session, cluster);
            var nodes = cluster.Nodes.Where(node => node.IsFrontEnd || parsed.GetValue(all)).OrderBy(node => node.Index).Select(node => node.Name).ToList();
            return parsed.GetValue(all) || parsed.GetValue(session.Json)
                ? await RunAsync(session, config, nodes, parsed.GetValue(session.Json), cancellationToken)
                : Foreground.Run("ssh", Arguments(session, config, nodes[0]));
        });
        return command;
    }

    private static async Task<int> RunAsync(Session session, string config, List<string> nodes, bool json, CancellationToken cancellationToken)
    {
        var runner = session.Service<ICommandRunner>();
        var runs = nodes.ConvertAll(node => (Node: node, Result: runner.RunAsync(
            new Command("ssh", Arguments(session, config, node)) { Timeout = Timeout.InfiniteTimeSpan }, cancellationToken)));
        var worst = 0;
        foreach (var (node, running) in runs)
        {
            var result = await running;
            worst = Math.Max(worst, result.ExitCode);
            if (json)
                continue;
            Print(session.Outside.Out, node, result.Output);
            Print(session.Outside.Error, node, result.Error);
            if (!result.Succeeded)
                session.Say($"{node}: {session.ErrorStyle.Red($"exit code {result.ExitCode}")}");
        }

        if (json)
            session.WriteJson(await Task.WhenAll(runs.Select(async run => new { run.Node, (await run.Result).ExitCode, (await run.Result).Output, (await run.Result).Error })));
        return worst;
    }

    private static void Print(TextWriter output, string node, string text)
    {
        foreach (var line in text.TrimEnd('\n').Split('\n').Where(line => text.Length > 0))
            output.WriteLine($"{node}: {line}");
    }

    private static string[] Arguments(Session session, string config, string node) =>
        ["-F", config, "-T", node, "--", string.Join(' ', session.RemoteCommand.Select(ShellQuoting.Quote))];
}
