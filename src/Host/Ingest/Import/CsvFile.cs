using SlaMonitor.Host.Ingest.Import.Suggestions;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Reads CSV with a header, a row at a time. A row carries the attributes of its event and of its case. A column that stands
/// twice is named <c>name#2</c> the second time.
/// </summary>
internal static class CsvFile
{
    /// <summary>Reads the rows.</summary>
    /// <exception cref="ImportFileException">There is no header or a column is missing, or the file is broken; the message names the line.</exception>
    public static IEnumerable<ImportRecord> Read(Stream file, CsvLayout layout, AttributeNames names)
    {
        using var rows = CsvText.Rows(TextEncodings.Open(file, layout.Encoding), layout.Delimiter, layout.Skip).GetEnumerator();
        if (!rows.MoveNext())
            throw new ImportFileException($"line {layout.Skip + 1}: the file has no header row");
        var columns = new HeaderColumns(rows.Current.Values, names, rows.Current.Line);
        while (rows.MoveNext())
            yield return ReadRow(rows.Current, columns, names);
    }

    private static ImportRecord ReadRow(in CsvRow row, HeaderColumns columns, AttributeNames names)
    {
        var values = names.NewSlots();
        for (var i = 0; i < columns.Slots.Count && i < row.Values.Count; i++)
        {
            if (columns.Slots[i] is >= 0 and var slot)
                values[slot] = names.Clean(row.Values[i]);
        }

        return new ImportRecord(row.Line, values, values) { Faults = Look(row, columns.Slots.Count) };
    }

    private static RecordFault[] Look(in CsvRow row, int columns)
    {
        if (row.HasStrayQuote)
            return [new RecordFault("", "(row)", "has a quote inside a value; put the value in quotes and write the quote twice")];
        if (row.Values.Count < columns)
            return [new RecordFault("", "(row)", $"has {row.Values.Count} values, fewer than the {columns} columns of the header; correct it, it may be cut off")];
        return row.Values.Skip(columns).All(v => v.Length == 0) ? []
            : [new RecordFault("", "(row)", $"has {row.Values.Count} values, more than the {columns} columns of the header; put a value with a delimiter in it in quotes")];
    }
}

/// <summary>The columns of a header that a mapping asks for.</summary>
internal sealed class HeaderColumns
{
    /// <exception cref="ImportFileException">A column is missing.</exception>
    public HeaderColumns(IReadOnlyList<string> header, AttributeNames names, long line)
    {
        var seen = new Dictionary<string, int>();
        var columns = header.Select(name => (seen[name] = seen.GetValueOrDefault(name) + 1) == 1 ? name : $"{name}#{seen[name]}").ToList();
        // What stands there instead is repeated only where it looks like a header: else it is somebody's data.
        if (names.Names.Where(n => !columns.Contains(n)).ToList() is { Count: > 0 } missing)
            throw new ImportFileException($"line {line}: the header has no column {string.Join(", ", missing.Select(m => $"'{m}'"))}, which the mapping names{(header.Count == 1 ? "; it has one column alone, so the delimiter may be another" : "")}{ColumnProfile.NamesOf(columns)}");
        Slots = [.. columns.Select(c => names.TryFind(c, out var slot) ? slot : -1)];
    }

    /// <summary>By column, the slot its values go to; -1: nobody asks for it.</summary>
    public IReadOnlyList<int> Slots { get; }
}
