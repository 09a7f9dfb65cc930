using System.Globalization;
using System.Linq.Expressions;
using VmCluster.Workflows.Persistence;

namespace VmCluster.Workflows.Definitions;

/// <summary>Which versions of a definition are meant, in Elsa's words.</summary>
public readonly record struct VersionOptions
{
    private const string AnyKind = nameof(AllVersions);

    private readonly string? _kind;
    private readonly int _number;

    private VersionOptions(string kind, int number = 0)
    {
        _kind = kind;
        _number = number;
    }

    /// <summary>The one that was saved last.</summary>
    public static VersionOptions Latest { get; } = new(nameof(Latest));

    /// <summary>The one that runs by default.</summary>
    public static VersionOptions Published { get; } = new(nameof(Published));

    public static VersionOptions AllVersions { get; } = new(nameof(AllVersions));

    /// <summary>One version by its number.</summary>
    public static VersionOptions Number(int number) => new(nameof(Number), number);

    /// <summary>Reads <c>Latest</c>, <c>Published</c>, <c>LatestOrPublished</c>, <c>LatestAndPublished</c>, <c>Draft</c>, <c>AllVersions</c>, a number, or nothing for all.</summary>
    /// <exception cref="UnknownVersionException">It is none of these.</exception>
    public static VersionOptions Parse(string? text) => text switch
    {
        null or "" => AllVersions,
        "Latest" or "Published" or "LatestOrPublished" or "LatestAndPublished" or "Draft" or AnyKind => new VersionOptions(text),
        _ when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => Number(number),
        _ => throw new UnknownVersionException(text),
    };

    internal Expression<Func<DefinitionRow, bool>> Filter()
    {
        var number = _number;
        return _kind switch
        {
            nameof(Latest) => row => row.IsLatest,
            nameof(Published) => row => row.IsPublished,
            "LatestOrPublished" => row => row.IsLatest || row.IsPublished,
            "LatestAndPublished" => row => row.IsLatest && row.IsPublished,
            "Draft" => row => row.IsLatest && !row.IsPublished,
            nameof(Number) => row => row.Version == number,
            _ => row => true,
        };
    }
}

/// <summary>A text names no version of a workflow.</summary>
public sealed class UnknownVersionException(string text)
    : WorkflowException($"'{text}' names no version. Give a number, Latest, Published, LatestOrPublished, LatestAndPublished, Draft or AllVersions.");
