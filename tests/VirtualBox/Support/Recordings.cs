using System.Text.RegularExpressions;

namespace VmCluster.VirtualBox.Tests.Support;

/// <summary>What VBoxManage 7.2.22 printed when it was recorded.</summary>
internal static partial class Recordings
{
    public static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recorded", name));

    /// <summary>Every failure, with the class that it must get.</summary>
    public static IEnumerable<RecordedFailure> Failures() => FailurePattern().Matches(Read("failures.txt"))
        .Select(m => new RecordedFailure(m.Groups["class"].Value, m.Groups["command"].Value, int.Parse(m.Groups["exit"].Value, System.Globalization.CultureInfo.InvariantCulture), m.Groups["error"].Value));

    [GeneratedRegex(@"^= (?<class>\w+)\n\$ (?<command>.*)\n\[exit (?<exit>\d+)\]\n(?<error>(?:(?!= ).*\n?)*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex FailurePattern();
}

internal sealed record RecordedFailure(string Class, string Command, int ExitCode, string Error);
