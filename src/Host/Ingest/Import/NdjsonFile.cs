using System.Text.Json;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Reads JSON, an object a line (UTF-8); attributes are paths into it. A line that is no JSON is a fault of its own.</summary>
internal static class NdjsonFile
{
    /// <summary>Reads the lines as records.</summary>
    /// <exception cref="ImportFileException">A line is too large; the message names it.</exception>
    public static IEnumerable<ImportRecord> Read(Stream file, AttributeNames names, ItemList? each)
    {
        var paths = new JsonSlots(names, each);
        foreach (var (line, document, fault) in ReadLines(file))
        {
            foreach (var record in fault is null ? paths.Read(line, document.RootElement) : [new ImportRecord(line, names.NewSlots(), null) { Faults = [fault] }])
                yield return record;
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
