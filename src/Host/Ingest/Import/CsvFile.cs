using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Reads CSV with a header, a row at a time (RFC 4180; UTF-8). A row carries the attributes of its event and of its case.
/// A column that stands twice is named <c>name#2</c> the second time.
/// </summary>
internal static class CsvFile
{
    /// <param name="file">The unpacked file.</param>
    /// <param name="caseColumn">The column that tells cases apart.</param>
    /// <param name="needed">All columns the mapping names.</param>
    /// <exception cref="ImportFileException">There is no header or a column is missing, or a row is broken; the message names the line.</exception>
    public static IEnumerable<ImportRecord> Read(Stream file, string caseColumn, IEnumerable<string> needed)
    {
        using var text = new StreamReader(file);
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture) { DetectDelimiter = false, BadDataFound = Broken };
        using var csv = new CsvReader(text, configuration);
        if (!csv.Read() || !csv.ReadHeader())
            throw new ImportFileException("line 1: the file has no header row");
        var columns = Unique(csv.HeaderRecord!);
        // What stands there instead is not repeated: without a header it is somebody's data.
        if (needed.Where(n => !columns.Contains(n)).ToList() is { Count: > 0 } missing)
            throw new ImportFileException($"line 1: the header has no column {string.Join(", ", missing.Select(m => $"'{m}'"))}, which the mapping names");
        string? previous = null;
        while (csv.Read())
        {
            var row = new Dictionary<string, string>(columns.Length);
            for (var i = 0; i < columns.Length && i < csv.Parser.Count; i++)
            {
                if (csv.Parser[i] is { Length: > 0 } value)
                    row[columns[i]] = value;
            }

            var current = row.GetValueOrDefault(caseColumn);
            yield return new ImportRecord(csv.Parser.RawRow, row, row, current is null || current != previous);
            previous = current;
        }
    }

    private static void Broken(BadDataFoundArgs broken) =>
        throw new ImportFileException($"line {broken.Context.Parser?.RawRow}: a quote is not closed or stands inside an unquoted value");

    private static string[] Unique(string[] header)
    {
        var seen = new Dictionary<string, int>();
        return [.. header.Select(name => (seen[name] = seen.GetValueOrDefault(name) + 1) == 1 ? name : $"{name}#{seen[name]}")];
    }
}
