using System.CommandLine;
using VmCluster.Host.Cli.Rendering;
using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Cli;

/// <summary>Workflows between the database and files. A version is always the same bytes, so files can live in git.</summary>
internal static class WorkflowsCommand
{
    public static Command Create(Session session) => new CliCommand(
        "workflows", "Lists workflows; moves them between Studio and files.", "vmcluster workflows list", "vmcluster workflows export --to workflows")
    {
        CreateList(session),
        CreateExport(session),
        CreateImport(session),
        CreateDiff(session),
    };

    private static CliCommand CreateList(Session session)
    {
        var command = new CliCommand("list", "Lists the workflows with the versions that they have.", "vmcluster workflows list");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await SeedAsync(session, cancellationToken);
            var latest = (await session.Definitions.ListAsync(new DefinitionFilter { Versions = VersionOptions.Latest }, cancellationToken)).Items;
            var published = (await session.Definitions.ListAsync(new DefinitionFilter { Versions = VersionOptions.Published }, cancellationToken)).Items
                .ToDictionary(definition => definition.DefinitionId, definition => (int?)definition.Version);
            if (parsed.GetValue(session.Json))
            {
                session.WriteJson(latest.Select(definition => new
                {
                    definition.DefinitionId,
                    definition.Name,
                    definition.Version,
                    Published = published.GetValueOrDefault(definition.DefinitionId),
                    definition.ChangedAt,
                    definition.ChangedBy,
                }));
                return ExitCode.Ok;
            }

            var table = new Table("WORKFLOW", "PUBLISHED", "LATEST", "CHANGED", "BY");
            foreach (var definition in latest)
            {
                table.Add(
                    definition.DefinitionId,
                    published.TryGetValue(definition.DefinitionId, out var version) ? $"{version}" : null,
                    $"{definition.Version}",
                    Text.Of(definition.ChangedAt ?? definition.CreatedAt, session.Outside.Time),
                    definition.ChangedBy);
            }

            table.Write(session.Outside.Out, session.OutStyle);
            return ExitCode.Ok;
        });
        return command;
    }

    private static CliCommand CreateExport(Session session)
    {
        var names = new Argument<string[]>("WORKFLOW") { Description = "Which; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
        var folder = new Option<DirectoryInfo?>("--to") { Description = "A folder for a file of each; without it they are printed." };
        var draft = new Option<bool>("--draft") { Description = "The latest version though it is not published." };
        var command = new CliCommand(
            "export", "Writes workflows as files.", "vmcluster workflows export build-cluster > build-cluster.json", "vmcluster workflows export --to workflows")
        {
            names, folder, draft,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await SeedAsync(session, cancellationToken);
            var versions = parsed.GetValue(draft) ? VersionOptions.Latest : VersionOptions.Published;
            var definitions = await FindAsync(session, parsed.GetValue(names) ?? [], versions, cancellationToken);
            if (parsed.GetValue(folder) is not { } target)
            {
                foreach (var definition in definitions)
                    session.Outside.Out.Write(DefinitionFile.Write(definition));
                return ExitCode.Ok;
            }

            target.Create();
            foreach (var definition in definitions)
            {
                var path = Path.Combine(target.FullName, DefinitionFile.NameOf(definition));
                await File.WriteAllTextAsync(path, DefinitionFile.Write(definition), cancellationToken);
                session.Say($"{definition.DefinitionId} version {definition.Version}: {path}");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static CliCommand CreateImport(Session session)
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "Files that hold a workflow each.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var command = new CliCommand("import", "Stores files as new, published versions. A file that is stored already changes nothing.", "vmcluster workflows import workflows/*.json") { files };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // All are read before the first is stored: one that is wrong leaves nothing behind.
            var texts = await Task.WhenAll(parsed.GetRequiredValue(files).Select(file => File.ReadAllTextAsync(file.FullName, cancellationToken)));
            var definitions = texts.Select(DefinitionFile.Read).ToList();
            using var owner = session.TakeOwnership();
            foreach (var (definition, text) in definitions.Zip(texts))
            {
                var before = await session.Definitions.FindAsync(definition.DefinitionId, VersionOptions.Published, cancellationToken);
                var stored = await session.Definitions.ImportAsync(text, cancellationToken);
                session.Say($"{stored.DefinitionId}: {(before?.Id == stored.Id ? "unchanged, " : "")}version {stored.Version}");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static CliCommand CreateDiff(Session session)
    {
        var files = new Argument<FileInfo[]>("FILE") { Description = "Files that hold a workflow each.", Arity = ArgumentArity.OneOrMore }.AcceptExistingOnly();
        var command = new CliCommand("diff", "Says what importing files would change: + added, - removed, ~ changed.", "vmcluster workflows diff workflows/*.json") { files };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await SeedAsync(session, cancellationToken);
            foreach (var file in parsed.GetRequiredValue(files))
            {
                var given = DefinitionFile.Read(await File.ReadAllTextAsync(file.FullName, cancellationToken));
                var stored = await session.Definitions.FindAsync(given.DefinitionId, VersionOptions.Published, cancellationToken);
                var lines = stored is null ? [$"+ {given.DefinitionId}"] : DefinitionDiff.Between(stored, given);
                if (lines.Count > 0)
                    session.Outside.Out.WriteLine($"{file} against {(stored is null ? "nothing" : $"version {stored.Version}")}:");
                foreach (var line in lines)
                    session.Outside.Out.WriteLine($"  {line}");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The shipped workflows are there from the start, also before the first run.</summary>
    private static Task SeedAsync(Session session, CancellationToken cancellationToken) => ShippedWorkflows.SeedAsync(session.Definitions, session.Outside.Workflows, cancellationToken);

    private static async Task<IReadOnlyList<WorkflowDefinition>> FindAsync(Session session, IReadOnlyList<string> names, VersionOptions versions, CancellationToken cancellationToken)
    {
        var found = (await session.Definitions.ListAsync(new DefinitionFilter { Versions = versions, DefinitionIds = names }, cancellationToken)).Items;
        return names.FirstOrDefault(name => !found.Any(definition => definition.DefinitionId == name)) is { } missing
            ? throw new DefinitionNotFoundException(missing)
            : found;
    }
}
