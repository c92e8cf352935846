using System.Xml;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// XML from strangers: no DTD, so no entities, and nothing fetched; and no more than 1 MiB from one &lt; to the next, which
/// bounds every tag, attribute and text, because none of them can hold that character. CDATA can, and is refused, and so is
/// UTF-16, whose bytes say nothing of characters.
/// </summary>
internal static class GuardedXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CloseInput = true,
    };

    /// <exception cref="ImportFileException">Its very beginning is refused.</exception>
    public static XmlReader Open(Stream stream)
    {
        try
        {
            return XmlReader.Create(new TagGuard(stream), Settings);
        }
        catch (TagGuardException refused)
        {
            throw new ImportFileException($"line 1 or below: {refused.Message}");
        }
    }

    /// <summary>Runs a step of reading.</summary>
    /// <exception cref="ImportFileException">The file is not well-formed, or not of bounded parts; the message names the line.</exception>
    public static T Guarded<T>(XmlReader xml, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (XmlException malformed) when (malformed.Message.Contains("DTD", StringComparison.Ordinal))
        {
            throw new ImportFileException($"line {Math.Max(1, ((IXmlLineInfo)xml).LineNumber)}: the file has a DTD, which is refused for what its entities can do; remove it");
        }
        catch (XmlException malformed)
        {
            // What stands there is not repeated; the parser's words may hold a piece of it.
            throw new ImportFileException($"line {malformed.LineNumber}, column {malformed.LinePosition}: the XML is not well-formed or cut off");
        }
        catch (TagGuardException refused)
        {
            throw new ImportFileException($"line {((IXmlLineInfo)xml).LineNumber} or below: {refused.Message}");
        }
    }

    private sealed class TagGuardException(string message) : Exception(message);

    /// <summary>Counts bytes from one &lt; to the next.</summary>
    private sealed class TagGuard(Stream inner) : Stream
    {
        private const int Most = RecordFile.MaxRow;
        private int _since;

        // How far what begins with the last < is a CDATA section: 1 after the <, 2 after <!.
        private int _opened;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            Look(buffer.AsSpan(offset, read));
            return read;
        }

        private void Look(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Contains((byte)0))
                throw new TagGuardException("the XML is in an encoding of two bytes a character; write UTF-8");
            while (!bytes.IsEmpty)
            {
                if (_opened > 0)
                {
                    if (_opened == 2 && bytes[0] == '[')
                        throw new TagGuardException("a CDATA section, which such a file does not need; write it as text");
                    _opened = _opened == 1 && bytes[0] == '!' ? 2 : 0;
                    if (_opened == 2)
                        bytes = bytes[1..];
                    continue;
                }

                var tag = bytes.IndexOf((byte)'<');
                Count(tag < 0 ? bytes.Length : tag);
                if (tag < 0)
                    return;
                (_since, _opened) = (0, 1);
                bytes = bytes[(tag + 1)..];
            }
        }

        private void Count(int bytes)
        {
            _since += bytes;
            if (_since > Most)
                throw new TagGuardException("a tag or text is larger than 1 MiB");
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
