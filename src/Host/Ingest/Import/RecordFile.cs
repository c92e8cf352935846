namespace SlaMonitor.Host.Ingest.Import;

/// <summary>The records of a file in the format its mapping names.</summary>
internal static class RecordFile
{
    /// <summary>The most characters of a row, for all formats that have rows or lines.</summary>
    public const int MaxRow = 1 << 20;

    /// <summary>Reads them one at a time; memory is bounded for files of any size.</summary>
    /// <exception cref="ImportFileException">The file cannot be read on; the message names the line.</exception>
    public static IEnumerable<ImportRecord> Read(Stream unpacked, Mapping mapping)
    {
        var start = new PrefixedStream(unpacked, OtherFormat.Looked);
        if (OtherFormat.Fault(start.Prefix, mapping.Format) is { } other)
            throw new ImportFileException(other);
        return Records(start, mapping);
    }

    private static IEnumerable<ImportRecord> Records(Stream unpacked, Mapping mapping) => mapping.Format switch
    {
        SourceFormat.Csv => CsvFile.Read(unpacked, mapping.Csv, mapping.Attributes),
        SourceFormat.Xes => XesFile.Read(unpacked, mapping.Attributes),
        SourceFormat.Xlsx => XlsxFile.Read(unpacked, mapping.Xlsx, mapping.Attributes),
        SourceFormat.Ndjson => NdjsonFile.Read(unpacked, mapping.Attributes, mapping.Each),
        SourceFormat.Json => ReadDocument(unpacked, mapping),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IEnumerable<ImportRecord> ReadDocument(Stream unpacked, Mapping mapping)
    {
        var bytes = new byte[MaxRow + 1];
        var length = unpacked.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length == bytes.Length)
            throw new ImportFileException("the document is larger than 1 MiB");
        using var document = Parse(bytes.AsMemory(0, length));
        foreach (var record in new JsonSlots(mapping.Attributes, mapping.Each).Read(1, document.RootElement))
            yield return record;
    }

    private static System.Text.Json.JsonDocument Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return System.Text.Json.JsonDocument.Parse(bytes);
        }
        catch (System.Text.Json.JsonException malformed)
        {
            throw new ImportFileException($"line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}: is not JSON");
        }
    }
}
