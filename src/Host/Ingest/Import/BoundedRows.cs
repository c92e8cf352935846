namespace SlaMonitor.Host.Ingest.Import;

/// <summary>Why a text of rows is read no further.</summary>
internal enum RowsEnd
{
    /// <summary>There is no more of it.</summary>
    Text,

    /// <summary>The row is too large.</summary>
    TooLarge,

    /// <summary>What comes next did not decode.</summary>
    Undecodable,
}

/// <summary>
/// Text that ends where a row is larger than <see cref="RecordFile.MaxRow"/> or bytes did not decode, so that a parser reads no
/// further into memory and has read all before; what it ends by is told. Its last line always has an end.
/// </summary>
internal sealed class BoundedRows(TextReader text) : TextReader
{
    private long _given;
    private long _bound;
    private char _last = '\n';
    private RowsEnd? _next;

    /// <summary>Why the text has ended; null: it has not, or nobody has asked for more.</summary>
    public RowsEnd? End { get; private set; }

    /// <summary>The next row begins after so many characters.</summary>
    public void BeginRow(long at) => _bound = at + RecordFile.MaxRow;

    public override int Read(char[] buffer, int index, int count)
    {
        // A parser asks for more when its row needs more than all it was given.
        if (_given > _bound)
            End ??= RowsEnd.TooLarge;
        if (End is not null)
            return 0;
        var into = buffer.AsSpan(index, (int)Math.Min(count, _bound + 1 - _given));
        var taken = _next is null ? ReadSound(into) : 0;
        // A row that ends in CR waits for what comes next, and gets an LF; it has been read, whatever comes next.
        if (taken == 0 && (_last == '\r' || (_next == RowsEnd.Text && _last != '\n')))
            (into[0], taken) = ('\n', 1);
        if (taken == 0)
            End = _next;
        else
            _last = into[taken - 1];
        _given += taken;
        return taken;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            text.Dispose();
        base.Dispose(disposing);
    }

    private int ReadSound(Span<char> into)
    {
        var read = text.Read(into);
        var sound = into[..read].IndexOf(TextEncodings.Undecodable);
        _next = sound >= 0 ? RowsEnd.Undecodable : read == 0 ? RowsEnd.Text : null;
        return sound >= 0 ? sound : read;
    }
}
