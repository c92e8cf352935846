using System.Text.Json;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Reads JSON, an object a line (UTF-8); attributes are paths into it. A line that is no JSON is a fault of its own.</summary>
internal static class NdjsonFile
{
    /// <summary>Reads the lines as records.</summary>
    /// <exception cref="ImportFileException">A line is too large; the message names it.</exception>
    public static IEnumerable<ImportRecord> Read(Stream file, AttributeNames names)
    {
        var paths = new JsonSlots(names);
        foreach (var (line, document, fault) in ReadLines(file))
        {
            if (fault is not null)
                yield return new ImportRecord(line, names.NewSlots(), null) { Faults = [fault] };
            else
                yield return paths.Read(line, document.RootElement);
        }
    }

    /// <summary>The lines that are not blank, each a document or a fault. A document lives until the next is asked for.</summary>
    public static IEnumerable<(long Line, JsonDocument Document, RecordFault? Fault)> ReadLines(Stream file)
    {
        foreach (var (line, text) in JsonLines.Read(file, RecordFile.MaxRow))
        {
            if (text is not { } json)
                throw new ImportFileException($"line {line}: is larger than 1 MiB");
            using var document = Parse(json, out var fault);
            yield return (line, document!, fault);
        }
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> bytes, out RecordFault? fault)
    {
        fault = null;
        try
        {
            var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            fault = new RecordFault("", "(line)", "is JSON but no object; write one a line");
        }
        catch (JsonException malformed)
        {
            fault = new RecordFault("", "(line)", $"is not JSON: byte {malformed.BytePositionInLine + 1}; correct the line");
        }

        return null;
    }
}

/// <summary>Takes the values a mapping asks for out of documents.</summary>
internal sealed class JsonSlots(AttributeNames names)
{
    private readonly JsonPath[] _paths = [.. names.Names.Select(n => JsonPath.Parse(n)!)];

    /// <summary>A document as a record: scalars as text, numbers and booleans as written.</summary>
    public ImportRecord Read(long line, JsonElement document)
    {
        var (values, faults) = (names.NewSlots(), new List<RecordFault>());
        for (var slot = 0; slot < _paths.Length; slot++)
        {
            if (_paths[slot].Find(document) is not { } element)
                continue;
            if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
                faults.Add(new RecordFault(names.Names[slot], "(value)", "is an object or a list; name a field or item of it in the mapping"));
            else if (element.ValueKind != JsonValueKind.Null)
                values[slot] = names.Clean(TextOf(element, names.Names[slot], faults));
        }

        return new ImportRecord(line, values, values) { Faults = faults };
    }

    private static string? TextOf(JsonElement element, string name, List<RecordFault> faults)
    {
        if (element.ValueKind != JsonValueKind.String)
            return element.GetRawText();
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            faults.Add(new RecordFault(name, "(value)", "is not valid text; write UTF-8"));
            return null;
        }
    }
}
