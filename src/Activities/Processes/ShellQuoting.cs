namespace VmCluster.Activities.Processes;

/// <summary>Quotes words as a POSIX shell reads them: for messages, and for commands that a remote shell will read.</summary>
public static class ShellQuoting
{
    /// <summary>The word itself where it needs no quotes, else the word in single quotes.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(IsPlain) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c, StringComparison.Ordinal);
}
