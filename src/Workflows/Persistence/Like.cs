namespace VmCluster.Workflows.Persistence;

/// <summary>Patterns of SQL's LIKE, which finds text of any case.</summary>
internal static class Like
{
    public const string Escape = "\\";

    /// <summary>Null where nothing is searched.</summary>
    public static string? Containing(string? text) => string.IsNullOrWhiteSpace(text)
        ? null
        : $"%{text.Trim().Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
}
