using System.CommandLine;

namespace VmCluster.Host.Cli;

internal static class SshConfigCommand
{
    public static Command Create(Session session)
    {
        var name = new Argument<string>("NAME") { Description = "The cluster." };
        var path = new Option<bool>("--path") { Description = "Print where the file is instead of what it says." };
        var command = new CliCommand(
            "ssh-config",
            "Prints the OpenSSH configuration of a cluster, for scp, rsync, editors.",
            "scp -F \"$(vmcluster ssh-config demo --path)\" data.csv fe1:/shared/",
            "echo \"Include $(vmcluster ssh-config demo --path)\" >> ~/.ssh/config")
        { name, path };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var cluster = await session.Ledger.GetAsync(parsed.GetRequiredValue(name), cancellationToken);
            var file = ClusterSsh.ConfigOf(session, cluster);
            if (parsed.GetValue(session.Json))
                session.WriteJson(new { Path = file });
            else if (parsed.GetValue(path))
                session.Outside.Out.WriteLine(file);
            else
                session.Outside.Out.Write(await File.ReadAllTextAsync(file, cancellationToken));
            return ExitCode.Ok;
        });
        return command;
    }
}
