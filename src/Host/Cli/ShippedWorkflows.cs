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

    /// <summary>The file of one; null where none has that name.</summary>
    public static string? Find(string folder, string name) => Files(folder).FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == name);

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal) : [];
}
