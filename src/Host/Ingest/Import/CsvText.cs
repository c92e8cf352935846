using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>A row of CSV.</summary>
/// <param name="Line">Where it begins, from 1.</param>
/// <param name="Values">Its values; of a row with very many stray quotes, the first.</param>
/// <param name="HasStrayQuote">True when a quote stands where none may.</param>
internal readonly record struct CsvRow(long Line, IReadOnlyList<string> Values, bool HasStrayQuote);

/// <summary>CSV with any delimiter and lines that end in CR, LF or both, row by row.</summary>
internal static class CsvText
{
    // The parser copies the whole row for each value that has one: a row of nothing else would take minutes.
    private const int MostStrayQuotes = 16;

    /// <summary>The rows that are not blank, the header among them.</summary>
    /// <param name="text">Is closed at the end.</param>
    /// <param name="delimiter">Between the values.</param>
    /// <param name="skip">Lines to pass over before, quotes or not.</param>
    /// <exception cref="ImportFileException">A row is too large, a quote is not closed, or bytes do not decode; the message names the line.</exception>
    public static IEnumerable<CsvRow> Rows(StreamReader text, char delimiter, int skip = 0)
    {
        using var bounded = new BoundedRows(text);
        SkipMark(text);
        for (var i = 0; i < skip; i++)
            SkipLine(text);
        var strays = 0;
        // Not blank lines: the parser would count the line of the row behind them from the first.
        using var parser = new CsvParser(bounded, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = delimiter.ToString(),
            WhiteSpaceChars = [],
            IgnoreBlankLines = false,
            BadDataFound = _ => strays++,
        });
        while (true)
        {
            var line = skip + parser.RawRow + 1;
            strays = 0;
            bounded.BeginRow(parser.CharCount);
            var found = parser.Read();
            if (FaultOf(bounded.End, found, line, skip + parser.RawRow) is { } fault)
                throw new ImportFileException(fault);
            if (!found)
                yield break;
            var values = new List<string>(parser.Count);
            for (var i = 0; i < parser.Count && strays < MostStrayQuotes; i++)
                values.Add(parser[i]);
            if (values is not [""])
                yield return new CsvRow(line, values, strays > 0);
        }
    }

    /// <summary>Why what was read is no row.</summary>
    private static string? FaultOf(RowsEnd? end, bool found, long began, long line) => end switch
    {
        RowsEnd.TooLarge => $"line {began}: the row is larger than 1 MiB; a quote may not be closed, or the delimiter or the line ends are others",
        RowsEnd.Undecodable => $"line {line}: bytes that are no text in this encoding; say in the mapping which one it is, such as csv: {{ encoding: gb18030 }}",
        // All text ends in a line end: only a quote reads beyond it.
        RowsEnd.Text when found => $"line {began}: a quote is not closed",
        _ => null,
    };

    private static void SkipMark(StreamReader text)
    {
        if (text.Peek() == '\ufeff')
            text.Read();
    }

    // Not ReadLine: a line may be all of a file.
    private static void SkipLine(StreamReader text)
    {
        while (text.Read() is var c and >= 0)
        {
            if (c == '\r' && text.Peek() == '\n')
                text.Read();
            if (c is '\r' or '\n')
                return;
        }
    }
}
