using System.Text;

namespace VmCluster.Activities.Processes;

/// <summary>Cuts text that arrives in pieces into lines.</summary>
internal sealed class OutputLines(Action<string> onLine)
{
    // A line that does not end (a progress bar drawn with carriage returns does) is handed on at this length.
    private const int MaxLine = 16 * 1024;

    private readonly StringBuilder _line = new();

    public void Append(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is '\n' or '\r' || _line.Length == MaxLine)
                Flush();
            if (c is not ('\n' or '\r'))
                _line.Append(c);
        }
    }

    public void Flush()
    {
        if (_line.Length == 0)
            return;
        var line = _line.ToString();
        _line.Clear();
        onLine(line);
    }
}
