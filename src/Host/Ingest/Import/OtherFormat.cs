namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Tells by the first bytes of a file that it is of another format than its mapping says, so that nobody looks for a fault of encoding in a workbook.</summary>
internal static class OtherFormat
{
    /// <summary>How many bytes are looked at.</summary>
    public const int Looked = 4096;

    /// <summary>What the file is, and what to write; null: nothing speaks against the format.</summary>
    public static string? Fault(ReadOnlySpan<byte> start, SourceFormat format)
    {
        if (Known(start) is { } known)
            return known.Format == format || (known.Format, format) is (SourceFormat.Ndjson, SourceFormat.Json) ? null : $"the file is {known.What} and not {Name(format)}; write format: {Name(known.Format)} in the mapping";
        // A zip that shows no name of a workbook's parts so early may be one all the same.
        return !(format == SourceFormat.Xlsx && start.StartsWith(Zip)) && Foreign(start) is var (what, remedy) ? $"the file is {what} and not {Name(format)}; {remedy}" : null;
    }

    private static (string What, SourceFormat Format)? Known(ReadOnlySpan<byte> start)
    {
        var text = (start.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? start[3..] : start).TrimStart(" \t\r\n"u8);
        // The package of a workbook is a zip, and its first parts bear one of these names.
        if (start.StartsWith(Zip) && (start.IndexOf("[Content_Types].xml"u8) >= 0 || start.IndexOf("xl/"u8) >= 0 || start.IndexOf("_rels/"u8) >= 0))
            return ("an Excel workbook", SourceFormat.Xlsx);
        if (text.StartsWith("<?xml"u8) || text.StartsWith("<log"u8))
            return ("XML", SourceFormat.Xes);
        return text.StartsWith("{\""u8) || text.StartsWith("{ \""u8) ? ("JSON", SourceFormat.Ndjson) : null;
    }

    private static (string What, string Remedy)? Foreign(ReadOnlySpan<byte> start)
    {
        const string Unpack = "unpack it, and import the file in it";
        return start.StartsWith(Zip) ? ("a zip archive", Unpack)
            : start.StartsWith((ReadOnlySpan<byte>)[0x37, 0x7a, 0xbc, 0xaf]) ? ("a 7z archive", Unpack)
            : start.StartsWith("Rar!"u8) ? ("a RAR archive", Unpack)
            : start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? ("packed with gzip twice", "unpack it once")
            : start.StartsWith((ReadOnlySpan<byte>)[0xd0, 0xcf, 0x11, 0xe0]) ? ("a workbook of the older XLS format, or an encrypted one", "save it as XLSX without a password, and write format: xlsx in the mapping")
            : start.StartsWith("%PDF-"u8) ? ("a PDF document", "export the table it was printed from")
            : null;
    }

    private static ReadOnlySpan<byte> Zip => [0x50, 0x4b, 3, 4];

    private static string Name(SourceFormat format) => format switch
    {
        SourceFormat.Csv => "csv",
        SourceFormat.Xes => "xes",
        SourceFormat.Xlsx => "xlsx",
        SourceFormat.Ndjson => "ndjson",
        SourceFormat.Json => "json",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
