using System.Text;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Encodings by name, decoded strictly: bytes that mean nothing become <see cref="Undecodable"/>, which no text holds, so that its line can be told.</summary>
internal static class TextEncodings
{
    /// <summary>Stands where bytes did not decode; Unicode says it is no character.</summary>
    public const char Undecodable = '\uffff';

    private static readonly DecoderFallback Marked = new DecoderReplacementFallback(Undecodable.ToString());

    static TextEncodings() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>An encoding; null when the name is not known.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, Marked);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Opens text: a byte order mark decides, then the name given, then UTF-8.</summary>
    public static StreamReader Open(Stream stream, string? name)
    {
        var read = new PrefixedStream(stream, 4);
        var marked = read.Prefix switch
        {
            [0xff, 0xfe, 0, 0] => "utf-32",
            [0xef, 0xbb, 0xbf, ..] => "utf-8",
            [0xff, 0xfe, ..] => "utf-16",
            [0xfe, 0xff, ..] => "utf-16BE",
            _ => name ?? "utf-8",
        };
        return new StreamReader(read, Find(marked)!, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 16);
    }
}

/// <summary>A stream whose first bytes can be looked at.</summary>
internal sealed class PrefixedStream : Stream
{
    private readonly Stream _rest;
    private readonly byte[] _prefix;
    private int _given;

    public PrefixedStream(Stream stream, int length)
    {
        _rest = stream;
        _prefix = new byte[length];
        _prefix = _prefix[..stream.ReadAtLeast(_prefix, length, throwOnEndOfStream: false)];
    }

    /// <summary>The first bytes, fewer at the end of the stream.</summary>
    public ReadOnlySpan<byte> Prefix => _prefix;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_given == _prefix.Length)
            return _rest.Read(buffer);
        var count = Math.Min(buffer.Length, _prefix.Length - _given);
        _prefix.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _rest.Dispose();
        base.Dispose(disposing);
    }
}
