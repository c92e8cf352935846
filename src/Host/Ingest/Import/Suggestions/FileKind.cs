namespace SlaMonitor.Host.Ingest.Import.Suggestions;

/// <summary>What a file is, by its first bytes, whatever its name says.</summary>
/// <param name="Format">As a mapping names it.</param>
/// <param name="Encoding">As a mapping names it; null: UTF-8, which needs no word.</param>
/// <param name="Delimiter">Of CSV; else a comma.</param>
/// <param name="Skip">Lines or rows above the header: a title, a date of printing.</param>
internal sealed record FileKind(string Format, string? Encoding, char Delimiter, int Skip = 0)
{
    private const int Sniffed = 4 << 20;
    private const double HeaderWidth = 0.8;

    /// <summary>Looks at the beginning of a file, packed with gzip or not.</summary>
    public static FileKind Of(string path)
    {
        using var unpacked = PackedFile.Open(File.OpenRead(path));
        var bytes = new byte[Sniffed];
        var length = unpacked.ReadAtLeast(bytes, Sniffed, throwOnEndOfStream: false);
        return Of(bytes.AsSpan(0, length), whole: length < Sniffed);
    }

    /// <summary>The first row about as wide as the widest: what stands above it is no header.</summary>
    public static int HeaderAmong(IReadOnlyList<string[]> first)
    {
        var widths = first.Select(r => r.Count(v => v.Length > 0)).ToList();
        return widths.Count == 0 ? 0 : widths.FindIndex(w => w >= widths.Max() * HeaderWidth);
    }

    private static FileKind Of(ReadOnlySpan<byte> bytes, bool whole)
    {
        // A workbook is a zip; whether it is a sound one shows when it is opened.
        if (bytes.StartsWith("PK"u8))
            return new FileKind("xlsx", null, ',');
        var encoding = EncodingOf(bytes, whole);
        var text = Decoded(encoding ?? "utf-8", bytes, whole).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u0008') >= 0)
            throw new ImportFileException("the file holds bytes that are in no text; give CSV, XLSX, XES or NDJSON, plain or gzip");
        return text switch
        {
            ['<', ..] => new FileKind("xes", null, ','),
            ['{', ..] => new FileKind("ndjson", null, ','),
            ['[', ..] => throw new ImportFileException("the file is one JSON list; write one object a line (ndjson), without the brackets around them"),
            "" => throw new ImportFileException("the file is empty"),
            _ => new FileKind("csv", encoding, DelimiterOf(text)),
        };
    }

    /// <summary>UTF-8 where every byte is that; else what Chinese systems write, where every byte is that; else what western ones do.</summary>
    private static string? EncodingOf(ReadOnlySpan<byte> bytes, bool whole)
    {
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return "utf-16";
        return Decoded("utf-8", bytes, whole).Contains(TextEncodings.Undecodable, StringComparison.Ordinal)
            ? IsMostlyHan(bytes) && !Decoded("gb18030", bytes, whole).Contains(TextEncodings.Undecodable, StringComparison.Ordinal) ? "gb18030" : "windows-1252"
            : null;
    }

    private static string Decoded(string encoding, ReadOnlySpan<byte> bytes, bool whole)
    {
        var chars = new char[bytes.Length + 1];
        // What was cut off in the middle of a character is no fault: a decoder that is not flushed waits for the rest.
        return new string(chars, 0, TextEncodings.Find(encoding)!.GetDecoder().GetChars(bytes, chars, flush: whole));
    }

    /// <summary>Western letters with accents often decode as GB18030, too: with the plain letter behind them, to characters few people use.</summary>
    private static bool IsMostlyHan(ReadOnlySpan<byte> bytes)
    {
        var (common, rare) = (0, 0);
        for (var i = 0; i + 1 < bytes.Length; i++)
        {
            if (bytes[i] < 0x80)
                continue;
            // The characters of GB 2312, which are nearly all there are in a text, have two high bytes.
            if (bytes[++i] >= 0xA1)
                common++;
            else
                rare++;
        }

        return common > rare;
    }

    private static char DelimiterOf(string text)
    {
        var lines = text.Split('\n').Take(20).Where(l => l.Length > 0).ToList();
        // The one that most lines have, and of those the one they have most of; a title above the header has none.
        return ((char[])[',', ';', '\t', '|']).MaxBy(d => (lines.Count(l => l.Contains(d, StringComparison.Ordinal)) * 1000) + lines.Max(l => l.Count(c => c == d)));
    }
}
