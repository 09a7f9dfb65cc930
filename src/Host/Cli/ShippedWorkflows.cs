using VmCluster.Workflows.Definitions;

namespace VmCluster.Host.Cli;

/// <summary>The workflows that come with the program.</summary>
internal static class ShippedWorkflows
{
    /// <summary>Stores those that are new; what a user has edited stays.</summary>
    public static async Task SeedAsync(DefinitionStore definitions, string folder, CancellationToken cancellationToken)
    {
        foreach (var file in Files(folder))
            await definitions.SeedAsync(await File.ReadAllTextAsync(file, cancellationToken), cancellationToken);
    }

    /// <summary>Their names, as a user may call them.</summary>
    public static IEnumerable<string> Names(string folder) => Files(folder).Select(file => Path.GetFileNameWithoutExtension(file)!);

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal) : [];
}
