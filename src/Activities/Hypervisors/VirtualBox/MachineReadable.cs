namespace VmCluster.Activities.Hypervisors.VirtualBox;

/// <summary>
/// Reads what <c>VBoxManage ... --machinereadable</c> prints: <c>key=value</c> lines in an order that carries meaning,
/// with repeated keys and with values over several lines.
/// </summary>
internal static class MachineReadable
{
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string output)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        using var reader = new StringReader(output);
        while (reader.ReadLine() is { } line)
        {
            var split = EndOfKey(line);
            if (split < 0)
                continue;
            var value = line[(split + 1)..];
            if (value.StartsWith('"'))
            {
                while (!IsClosed(value) && reader.ReadLine() is { } next)
                    value += "\n" + next;
                value = Unescape(value.Length > 1 && value.EndsWith('"') ? value[1..^1] : value[1..]);
            }

            pairs.Add(new(line[..split].Trim('"'), value));
        }

        return pairs;
    }

    private static int EndOfKey(string line)
        => line.StartsWith('"') && line.IndexOf('"', 1) is var quote and > 0 ? line.IndexOf('=', quote) : line.IndexOf('=', StringComparison.Ordinal);

    // The names of NAT rules are the one thing that is printed without escapes, and they end their line.
    private static bool IsClosed(string value)
    {
        if (value.Length < 2 || !value.EndsWith('"'))
            return false;
        var backslashes = 0;
        for (var i = value.Length - 2; i > 0 && value[i] == '\\'; i--)
            backslashes++;
        return backslashes % 2 == 0;
    }

    private static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
            return value;
        var text = new System.Text.StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
            text.Append(value[i] == '\\' && i + 1 < value.Length && value[i + 1] is '\\' or '"' ? value[++i] : value[i]);
        return text.ToString();
    }
}
