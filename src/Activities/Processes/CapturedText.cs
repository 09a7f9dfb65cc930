using System.Globalization;
using System.Text;

namespace VmCluster.Activities.Processes;

/// <summary>Text of any length in bounded memory: the beginning and the end are kept.</summary>
internal sealed class CapturedText(int headLimit = CapturedText.DefaultLimit, int tailLimit = CapturedText.DefaultLimit)
{
    private const int DefaultLimit = 256 * 1024;

    private readonly StringBuilder _head = new();
    private readonly StringBuilder _tail = new();
    private long _leftOut;

    public void Append(ReadOnlySpan<char> text)
    {
        var toHead = Math.Min(text.Length, headLimit - _head.Length);
        _head.Append(text[..toHead]);
        _tail.Append(text[toHead..]);

        // Trimmed at twice the limit, so that each character is moved once at most.
        if (_tail.Length > 2 * tailLimit)
        {
            _leftOut += _tail.Length - tailLimit;
            _tail.Remove(0, _tail.Length - tailLimit);
        }
    }

    public override string ToString() =>
        _leftOut == 0
            ? $"{_head}{_tail}"
            : string.Create(CultureInfo.InvariantCulture, $"{_head}\n[... {_leftOut} characters left out ...]\n{_tail}");
}
