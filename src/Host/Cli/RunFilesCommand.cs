using System.CommandLine;
using VmCluster.Host.Api;
using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows.Execution;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Host.Cli;

/// <summary>Runs between installations, as evidence of what they did.</summary>
internal static class RunFilesCommand
{
    public static Command CreateExport(Session session)
    {
        var ids = new Argument<string[]>("RUN") { Description = "Ids of runs, or the beginnings of them.", Arity = ArgumentArity.OneOrMore };
        var folder = new Option<DirectoryInfo?>("--to") { Description = "A folder for a file of each; without it they are printed." };
        var command = new CliCommand(
            "export", "Writes runs as files, with their journals and the workflows that they ran.", "vmcluster runs export 4f2k > run.json", "vmcluster runs export 4f2k 4f3m --to evidence")
        {
            ids, folder,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var runs = new List<WorkflowInstance>();
            foreach (var id in parsed.GetRequiredValue(ids))
                runs.Add(await session.GetRunAsync(id, cancellationToken));

            var target = parsed.GetValue(folder);
            target?.Create();
            foreach (var run in runs)
            {
                var content = RunFile.Write(await session.Runs.RecordAsync(run.Id, cancellationToken));
                if (target is null)
                {
                    session.Outside.Out.Write(System.Text.Encoding.UTF8.GetString(content));
                }
                else
                {
                    var path = Path.Combine(target.FullName, RunFile.NameOf(run.Id));
                    await File.WriteAllBytesAsync(path, content, cancellationToken);
                    session.Say($"{run.Id}: {path}");
                }

                if (run.Status is WorkflowStatus.Running)
                    session.Say($"{run.Id} has not ended: the file shows it as it is now, and no other installation imports it. Export it again when it has ended.");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    public static Command CreateImport(Session session)
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "Files that an export of runs made, or zips of them.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var command = new CliCommand("import", "Takes in runs of other installations, to be looked at. All or, where one does not fit, none.", "vmcluster runs import evidence/*.json") { files };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reader = new JsonFiles<RunRecord>(RunFile.ReadAsync);
            var records = new List<RunRecord>();
            foreach (var file in parsed.GetRequiredValue(files))
            {
                await using var content = file.OpenRead();
                records.AddRange(await reader.ReadAsync(file.Name, content, cancellationToken));
            }

            using var owner = session.TakeOwnership();
            await session.RunImport.ImportAsync(records, Environment.UserName, cancellationToken);
            foreach (var record in records)
                session.Say($"{record.Run.Id}: {Text.Plain(record.Run.Name ?? record.Run.DefinitionId)}, {RunReport.StateOf(record.Run)}");
            return ExitCode.Ok;
        });
        return command;
    }
}
