namespace SlaMonitor.Host.Ingest;

/// <summary>Splits newline-delimited JSON into its lines, one in memory at a time. Blank lines, a byte order mark and CR before LF are passed over.</summary>
internal static class JsonLines
{
    private const int FirstBuffer = 64 * 1024;

    // Not null alone: it would convert to memory that is empty.
    private static ReadOnlyMemory<byte>? None => default;

    /// <summary>
    /// The lines with their numbers from 1; no text where a line is longer than <paramref name="maxLength"/> bytes. A text is good
    /// until the next is asked for.
    /// </summary>
    public static IEnumerable<(long Line, ReadOnlyMemory<byte>? Text)> Read(Stream stream, int maxLength)
    {
        var (buffer, start, end, line, tooLong) = (new byte[Math.Min(FirstBuffer, maxLength + 2)], 0, 0, 1L, false);
        for (var ended = false; !ended;)
        {
            // Of a line that is too long nothing is kept, so that it takes no memory until its end is found.
            if (end - start > maxLength + 1L)
                (tooLong, start, end) = (true, 0, 0);
            Array.Copy(buffer, start, buffer, 0, end - start);
            (start, end) = (0, end - start);
            if (end == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, maxLength + 2L));
            var (looked, read) = (end, stream.Read(buffer, end, buffer.Length - end));
            (end, ended) = (end + read, read == 0);
            for (int length; (length = Array.IndexOf(buffer, (byte)'\n', looked, end - looked) - start) >= 0; line++)
            {
                if (TextOf(buffer.AsMemory(start, length), line, tooLong, maxLength) is { } next)
                    yield return next;
                (start, tooLong) = (start + length + 1, false);
                looked = start;
            }
        }

        if (TextOf(buffer.AsMemory(start, end - start), line, tooLong, maxLength) is { } last)
            yield return last;
    }

    /// <summary>A line as it is told; null when it is blank.</summary>
    private static (long Line, ReadOnlyMemory<byte>? Text)? TextOf(ReadOnlyMemory<byte> text, long line, bool tooLong, int maxLength)
    {
        if (line == 1 && text.Span.StartsWith("\ufeff"u8))
            text = text["\ufeff"u8.Length..];
        var begin = text.Span.IndexOfAnyExcept(" \t\r"u8);
        if (begin < 0)
            return tooLong ? (line, None) : null;
        text = text[begin..(text.Span.LastIndexOfAnyExcept(" \t\r"u8) + 1)];
        return (line, tooLong || text.Length > maxLength ? None : text);
    }
}
