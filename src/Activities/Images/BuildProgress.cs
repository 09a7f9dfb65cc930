using System.Globalization;

namespace VmCluster.Activities.Images;

/// <summary>
/// Tells from the lines that a recipe prints how far it is: its own say so (<c>progress PERCENT TEXT</c>), and between
/// them the packages are counted.
/// </summary>
/// <param name="name">The image, for the text.</param>
internal sealed class BuildProgress(string name)
{
    // Where mmdebstrap's phases begin, as fractions of the time that a build took.
    private static readonly (string Line, double Fraction, string Text)[] Phases =
    [
        ("I: downloading packages", 0.03, "downloading the base system"),
        ("I: extracting archives", 0.06, "unpacking the base system"),
        ("I: installing essential packages", 0.15, "installing the base system"),
        ("I: installing remaining packages", 0.45, "installing packages"),
        ("I: cleaning package lists", 0.88, "cleaning up"),
    ];

    // Each package is unpacked, then set up; about so many do both, and a few more change nothing that can be seen.
    private const int Packages = 245;
    private const double PackagesBegin = 0.15;
    private const double PackagesEnd = 0.88;

    private double _fraction;
    private string _text = "starting";
    private int _steps;

    /// <summary>What a line says about the progress; null where it says nothing new.</summary>
    public ImageProgress? Read(string line)
    {
        var words = line.Split(' ', 3);
        if (words is ["progress", var percent, var text] && int.TryParse(percent, CultureInfo.InvariantCulture, out var value))
            return Advance(value / 100.0, text);
        if (Phases.FirstOrDefault(phase => line.StartsWith(phase.Line, StringComparison.Ordinal)) is { Line: not null } phase)
            return Advance(phase.Fraction, phase.Text);
        if (words is not ["Unpacking" or "Setting", ..])
            return null;
        _steps++;
        return Advance(PackagesBegin + ((PackagesEnd - PackagesBegin) * Math.Min(1, _steps / (2.0 * Packages))), _text);
    }

    private ImageProgress? Advance(double fraction, string text)
    {
        var isNew = text != _text || (int)(fraction * 100) > (int)(_fraction * 100);
        _fraction = Math.Max(_fraction, fraction);
        _text = text;
        return isNew ? new ImageProgress($"building {name}: {text}", _fraction) : null;
    }
}
