namespace VmCluster.Host.Cli.Rendering;

/// <summary>Columns aligned by spaces, no lines around them, never wrapped: good for eyes, cut and awk alike.</summary>
internal sealed class Table(params string[] headers)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Empty cells become <c>-</c>, so that every row has as many words.</summary>
    public void Add(params string?[] cells) => _rows.Add([.. cells.Select(cell => string.IsNullOrEmpty(cell) ? "-" : Text.Plain(cell))]);

    /// <param name="output">Where to.</param>
    /// <param name="style">For the header.</param>
    /// <param name="paint">Gives a cell its colour, by header and text.</param>
    public void Write(TextWriter output, Style style, Func<string, string, string>? paint = null)
    {
        var widths = headers.Select((header, column) => _rows.Select(row => row[column].Length).Append(header.Length).Max()).ToArray();
        output.WriteLine(Line(headers, (_, text) => style.Dim(text)));
        foreach (var row in _rows)
            output.WriteLine(Line(row, (column, text) => paint is null ? text : paint(headers[column], text)));

        string Line(string[] cells, Func<int, string, string> decorate) => string.Join("  ", cells.Select((cell, column) =>
            decorate(column, cell) + (column == cells.Length - 1 ? "" : new string(' ', widths[column] - cell.Length))));
    }
}
