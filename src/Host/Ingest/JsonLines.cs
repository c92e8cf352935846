using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SlaMonitor.Host.Ingest;

/// <summary>Splits newline-delimited JSON into its lines, one in memory at a time. Blank lines, a byte order mark and CR before LF are passed over.</summary>
internal static class JsonLines
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>The lines with their numbers from 1; no text where a line is longer than <paramref name="maxLength"/> bytes. A text is good until the next is asked for.</summary>
    public static async IAsyncEnumerable<(long Line, ReadOnlySequence<byte>? Text)> ReadAsync(Stream stream, int maxLength, [EnumeratorCancellation] CancellationToken ct)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024, leaveOpen: true));
        var (line, tooLong) = (1L, false);
        for (var ended = false; !ended;)
        {
            var read = await pipe.ReadAsync(ct);
            var (rest, end) = (read.Buffer, read.IsCompleted);
            for (; rest.PositionOf((byte)'\n') is { } newline; line++)
            {
                var text = Trim(rest.Slice(0, newline), line);
                rest = rest.Slice(rest.GetPosition(1, newline));
                if (tooLong || text.Length > maxLength)
                    yield return (line, null);
                else if (!text.IsEmpty)
                    yield return (line, text);
                tooLong = false;
            }

            // Of a line that is too long nothing is kept, so that it takes no memory until its end is found.
            if (rest.Length > maxLength + 2L)
                (tooLong, rest) = (true, rest.Slice(rest.End));
            ended = end;
            var last = Trim(rest, line);
            if (ended && (tooLong || !last.IsEmpty))
                yield return (line, tooLong || last.Length > maxLength ? null : last);
            pipe.AdvanceTo(rest.Start, rest.End);
        }

        await pipe.CompleteAsync();
    }

    private static ReadOnlySequence<byte> Trim(ReadOnlySequence<byte> text, long line)
    {
        if (line == 1 && StartsWithMark(text))
            text = text.Slice(ByteOrderMark.Length);
        var (first, last) = (0L, text.Length);
        foreach (var segment in text)
        {
            var blank = segment.Span.IndexOfAnyExcept(" \t\r"u8);
            if (blank >= 0)
                return Tail(text.Slice(first + blank));
            first += segment.Length;
        }

        return text.Slice(last);
    }

    private static ReadOnlySequence<byte> Tail(ReadOnlySequence<byte> text)
    {
        var reader = new SequenceReader<byte>(text.Slice(text.Length - 1));
        return reader.TryRead(out var end) && end == '\r' ? text.Slice(0, text.Length - 1) : text;
    }

    private static bool StartsWithMark(ReadOnlySequence<byte> text)
    {
        var reader = new SequenceReader<byte>(text);
        return reader.IsNext(ByteOrderMark);
    }
}
