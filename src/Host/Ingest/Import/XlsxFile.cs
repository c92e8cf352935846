using System.Globalization;
using System.Xml;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Reads a sheet of an Excel workbook, a row at a time. Numbers and dates are texts as the file holds them, so a date is a
/// serial that <c>times: [excel]</c> reads. Parts are read as streams of XML with the same bounds as <see cref="XesFile"/>: the
/// object model would load a cell of any size.
/// </summary>
internal sealed class XlsxFile
{
    private const int MaxColumns = 16_384;
    private readonly SharedStrings _strings;
    private readonly XmlReader _xml;
    private long _row;

    private XlsxFile(XmlReader xml, SharedStrings strings) => (_xml, _strings) = (xml, strings);

    /// <summary>Reads the rows below the header.</summary>
    /// <exception cref="ImportFileException">The workbook cannot be read, or a column is missing; the message names the row.</exception>
    public static IEnumerable<ImportRecord> Read(Stream unpacked, XlsxLayout layout, AttributeNames names)
    {
        HeaderColumns? columns = null;
        foreach (var (row, cells, date1904) in ReadCells(unpacked, layout.Sheet))
        {
            if (row <= layout.Skip)
                continue;
            if (columns is null)
                columns = new HeaderColumns(cells, names, row);
            else
                yield return ToRecord(row, cells, columns, names) with { Date1904 = date1904 };
        }

        if (columns is null)
            throw new ImportFileException("the sheet has no header row");
    }

    /// <summary>Reads the rows with a value in them, the header among them, and whether dates count from 1904.</summary>
    /// <exception cref="ImportFileException">The workbook cannot be read; the message names the row.</exception>
    public static IEnumerable<(long Row, List<string> Cells, bool Date1904)> ReadCells(Stream unpacked, string? sheetName)
    {
        using var package = XlsxPackage.Open(unpacked);
        var (sheet, date1904) = package.Find(sheetName);
        var strings = SharedStrings.Read(package.Workbook.SharedStringTablePart);
        using var xml = GuardedXml.Open(sheet.GetStream());
        var file = new XlsxFile(xml, strings);
        while (GuardedXml.Guarded(xml, file.Next) is { } cells)
            yield return (file._row, cells, date1904);
    }

    /// <summary>The next row with a value in it; null at the end.</summary>
    private List<string>? Next()
    {
        while (_xml.Read())
        {
            if (_xml.NodeType != XmlNodeType.Element || _xml.LocalName != "row")
                continue;
            _row = long.TryParse(_xml.GetAttribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : _row + 1;
            var cells = ReadRow();
            if (cells.Any(c => c.Length > 0))
                return cells;
        }

        return null;
    }

    private static ImportRecord ToRecord(long row, List<string> cells, HeaderColumns columns, AttributeNames names)
    {
        var values = names.NewSlots();
        for (var i = 0; i < cells.Count && i < columns.Slots.Count; i++)
        {
            if (columns.Slots[i] is >= 0 and var slot)
                values[slot] = names.Clean(cells[i]);
        }

        return new ImportRecord(row, values, values);
    }

    private List<string> ReadRow()
    {
        var cells = new List<string>();
        if (_xml.IsEmptyElement)
            return cells;
        var depth = _xml.Depth;
        while (_xml.Read() && _xml.Depth > depth)
        {
            if (_xml.NodeType != XmlNodeType.Element || _xml.LocalName != "c")
                continue;
            var column = ColumnOf(_xml.GetAttribute("r")) ?? cells.Count;
            if (column >= MaxColumns)
                throw new ImportFileException($"row {_row}: has a cell beyond the {MaxColumns} columns a sheet may have");
            while (cells.Count <= column)
                cells.Add("");
            cells[column] = ReadCell(_xml.GetAttribute("t"));
        }

        return cells;
    }

    /// <summary>The text of a cell; a formula is its last result.</summary>
    private string ReadCell(string? type)
    {
        if (_xml.IsEmptyElement)
            return "";
        var (depth, value, inline) = (_xml.Depth, "", "");
        while (_xml.Read() && _xml.Depth > depth)
        {
            if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "is")
                inline = SharedStrings.ReadText(_xml);
            else if (_xml.NodeType == XmlNodeType.Element && _xml.LocalName == "v")
                value = SharedStrings.ReadPlain(_xml);
        }

        return type switch
        {
            "s" => _strings.At(value) ?? throw new ImportFileException($"row {_row}: a cell names a shared text that is not there; save the workbook anew"),
            "inlineStr" => inline,
            "b" => value == "1" ? "true" : "false",
            "str" or "d" or "e" => value,
            _ => Written(value),
        };
    }

    /// <summary>A number without exponent, so that a case number stays what people see.</summary>
    private static string Written(string number) =>
        number.Contains('E', StringComparison.OrdinalIgnoreCase) && decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value.ToString("0.############################", CultureInfo.InvariantCulture) : number;

    /// <summary>AB12 is in column 27 from 0.</summary>
    private static int? ColumnOf(string? reference)
    {
        var column = 0;
        foreach (var letter in reference ?? "")
        {
            if (letter is < 'A' or > 'Z' || column > MaxColumns)
                break;
            column = (column * 26) + letter - 'A' + 1;
        }

        return column == 0 ? null : column - 1;
    }
}
