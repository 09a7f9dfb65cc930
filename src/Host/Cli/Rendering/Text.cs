using System.Globalization;

namespace VmCluster.Host.Cli.Rendering;

/// <summary>Texts for people: times as they say them, and nothing that would steer their terminal.</summary>
internal static class Text
{
    /// <summary><c>0.4 s</c>, <c>42 s</c>, <c>3 min 05 s</c>, <c>2 h 10 min</c>, <c>4 d 3 h</c>.</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalSeconds):0} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:00} s"),
        { TotalHours: < 24 } => string.Create(CultureInfo.InvariantCulture, $"{time.Hours} h {time.Minutes:00} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.Days} d {time.Hours} h"),
    };

    /// <summary>In the user's time zone, to the second.</summary>
    public static string Of(DateTimeOffset moment, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(moment, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>What came from a file or a machine, on one line and without control characters.</summary>
    public static string Plain(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)) : text;
}
