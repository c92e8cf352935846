using System.Text.Json;
using System.Xml;

namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>A record with everything in it, as an import, which reads only what its mapping asks for, never sees it.</summary>
/// <param name="Case">Attributes of the trace; in formats without traces, of the record.</param>
/// <param name="Own">Attributes of the event or row.</param>
internal sealed record SampleRecord(IReadOnlyDictionary<string, string> Case, IReadOnlyDictionary<string, string> Own);

/// <summary>Reads a file record by record, as far as it is asked to.</summary>
internal static class SampleRecords
{
    private const int Deepest = 8;
    private static readonly string[] Xes = ["string", "date", "int", "float", "boolean", "id"];

    /// <exception cref="ImportFileException">The file cannot be read; the message names the place.</exception>
    public static IEnumerable<SampleRecord> Read(string path, FileKind kind) => kind.Format switch
    {
        "csv" or "xlsx" => FromRows(path, kind),
        "xes" => FromXes(path),
        "ndjson" => FromLines(path),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IEnumerable<SampleRecord> FromRows(string path, FileKind kind)
    {
        string[]? header = null;
        foreach (var (line, values) in Rows(path, kind))
        {
            if (header is not null)
                yield return Row(header, values);
            else if (line > kind.Skip)
                header = Unique(values);
        }
    }

    /// <summary>The rows of a CSV file or a workbook's first sheet with where they stand, the header among them.</summary>
    public static IEnumerable<(long Line, string[] Values)> Rows(string path, FileKind kind)
    {
        if (kind.Format == "xlsx")
        {
            using var workbook = Unpack(path);
            foreach (var (row, cells, _) in XlsxFile.ReadCells(workbook, null))
                yield return (row, [.. cells]);
            yield break;
        }

        foreach (var row in CsvText.Rows(TextEncodings.Open(Unpack(path), kind.Encoding), kind.Delimiter))
            yield return (row.Line, [.. row.Values]);
    }

    private static SampleRecord Row(string[] header, string[] values)
    {
        var row = new Dictionary<string, string>(header.Length);
        for (var i = 0; i < header.Length && i < values.Length; i++)
        {
            if (values[i] is { Length: > 0 } value)
                row[header[i]] = value;
        }

        return new SampleRecord(row, row);
    }

    /// <summary>A name that stands twice is told from the first by its number, as the import does.</summary>
    private static string[] Unique(string[] header)
    {
        var seen = new Dictionary<string, int>();
        return [.. header.Select(name => (seen[name] = seen.GetValueOrDefault(name) + 1) == 1 ? name : $"{name}#{seen[name]}")];
    }

    private static IEnumerable<SampleRecord> FromXes(string path)
    {
        using var file = Unpack(path);
        using var xml = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true });
        while (Trace(xml) is { } trace)
        {
            foreach (var record in trace)
                yield return record;
        }
    }

    private static List<SampleRecord>? Trace(XmlReader xml)
    {
        try
        {
            if (!xml.ReadToFollowing("trace"))
                return null;
            var (attributes, events) = (new Dictionary<string, string>(), new List<Dictionary<string, string>>());
            using (var trace = xml.ReadSubtree())
            {
                trace.Read();
                Children(trace, attributes, events);
            }

            return [.. events.Select(e => new SampleRecord(attributes, e))];
        }
        catch (XmlException malformed)
        {
            throw new ImportFileException($"line {malformed.LineNumber}: {malformed.Message}");
        }
    }

    private static void Children(XmlReader xml, Dictionary<string, string> attributes, List<Dictionary<string, string>>? events)
    {
        var depth = xml.Depth + 1;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.Depth != depth)
                continue;
            if (xml.LocalName == "event" && events is not null)
            {
                var own = new Dictionary<string, string>();
                using (var nested = xml.ReadSubtree())
                {
                    nested.Read();
                    Children(nested, own, null);
                }

                events.Add(own);
            }
            else if (Xes.Contains(xml.LocalName) && xml.GetAttribute("key") is { } key && xml.GetAttribute("value") is { Length: > 0 } value)
            {
                attributes[key] = value;
            }
        }
    }

    private static IEnumerable<SampleRecord> FromLines(string path)
    {
        using var text = new StreamReader(Unpack(path));
        for (var line = 1; text.ReadLine() is { } json; line++)
        {
            if (string.IsNullOrWhiteSpace(json))
                continue;
            var row = new Dictionary<string, string>();
            try
            {
                using var document = JsonDocument.Parse(json);
                Flatten(document.RootElement, "", row, 0);
            }
            catch (JsonException)
            {
                throw new ImportFileException($"line {line}: is not one JSON object; write one a line");
            }

            yield return new SampleRecord(row, row);
        }
    }

    /// <summary>Fields by their paths; of a list, its first entry.</summary>
    private static void Flatten(JsonElement element, string path, Dictionary<string, string> row, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when depth < Deepest:
                foreach (var field in element.EnumerateObject())
                    Flatten(field.Value, path.Length == 0 ? field.Name : $"{path}.{field.Name}", row, depth + 1);
                break;
            case JsonValueKind.Array when depth < Deepest && element.GetArrayLength() > 0:
                Flatten(element[0], $"{path}[0]", row, depth + 1);
                break;
            case JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when path.Length > 0 && element.ToString() is { Length: > 0 } value:
                row[path] = value;
                break;
        }
    }

    private static Stream Unpack(string path) => PackedFile.Open(File.OpenRead(path));
}
