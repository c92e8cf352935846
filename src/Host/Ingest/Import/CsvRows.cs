using System.Buffers;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// Rows of CSV (RFC 4180, any delimiter, lines that end in CR, LF or both), one at a time and none larger than
/// <see cref="MaxRow"/>: a quote that is never closed must not read the file into memory.
/// </summary>
internal sealed class CsvRows(TextReader text, char delimiter) : IDisposable
{
    /// <summary>The most characters of a row, for all formats that have rows or lines.</summary>
    public const int MaxRow = 1 << 20;

    private readonly char[] _buffer = new char[1 << 15];
    private readonly ArrayBufferWriter<char> _row = new(1 << 12);
    private readonly List<(int Start, int End)> _fields = [];
    private readonly SearchValues<char> _special = SearchValues.Create([delimiter, '"', '\r', '\n', TextEncodings.Undecodable]);
    private int _at;
    private int _filled;
    private long _lines = 1;

    /// <summary>Where the row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>How many values the row has.</summary>
    public int Count => _fields.Count;

    /// <summary>True when a quote stands where none may.</summary>
    public bool HasStrayQuote { get; private set; }

    public ReadOnlySpan<char> this[int field] => _row.WrittenSpan[_fields[field].Start.._fields[field].End];

    /// <summary>Passes over a line, quotes or not.</summary>
    public void SkipLine()
    {
        while (Peek() is var c and >= 0)
        {
            _at++;
            if (c is '\r' or '\n')
            {
                EndLine((char)c);
                return;
            }
        }
    }

    /// <summary>Reads the next row that is not blank; false at the end.</summary>
    /// <exception cref="ImportFileException">A row is too large, a quote is not closed, or bytes do not decode; the message names the line.</exception>
    public bool Read()
    {
        do
        {
            _row.Clear();
            _fields.Clear();
            (Line, HasStrayQuote) = (_lines, false);
            if (Peek() < 0)
                return false;
            while (ReadField())
            {
            }
        }
        while (Count == 1 && this[0].IsEmpty);
        return true;
    }

    public void Dispose() => text.Dispose();

    /// <summary>Reads one value and what ends it; false when that ends the row.</summary>
    private bool ReadField()
    {
        var start = _row.WrittenCount;
        if (Peek() == '"')
        {
            _at++;
            ReadQuoted();
        }

        while (true)
        {
            Take(_special);
            var c = Peek();
            if (c == '"')
            {
                HasStrayQuote = true;
                Append('"');
                _at++;
                continue;
            }

            _fields.Add((start, _row.WrittenCount));
            if (c < 0)
                return false;
            _at++;
            if (c == delimiter)
                return true;
            EndLine((char)c);
            return false;
        }
    }

    /// <summary>Reads to the closing quote; what follows it before the next delimiter is looked at as if unquoted.</summary>
    private void ReadQuoted()
    {
        while (true)
        {
            Take(_special);
            var c = Peek();
            if (c < 0)
                throw new ImportFileException($"line {Line}: a quote is not closed");
            _at++;
            if (c == '"')
            {
                if (Peek() != '"')
                    break;
                _at++;
            }
            else if (c == '\r' || (c == '\n' && (_at < 2 || _buffer[_at - 2] != '\r')))
            {
                _lines++;
            }

            Append((char)c);
        }

        var next = Peek();
        HasStrayQuote |= next >= 0 && next != delimiter && next is not ('\r' or '\n');
    }

    private void EndLine(char c)
    {
        _lines++;
        if (c == '\r' && Peek() == '\n')
            _at++;
    }

    /// <summary>Takes characters up to the next that means something.</summary>
    private void Take(SearchValues<char> until)
    {
        while (Peek() >= 0)
        {
            var rest = _buffer.AsSpan(_at, _filled - _at);
            var length = rest.IndexOfAny(until);
            var taken = length < 0 ? rest : rest[..length];
            if (_row.WrittenCount + taken.Length > MaxRow)
                throw TooLarge();
            _row.Write(taken);
            _at += taken.Length;
            if (length >= 0)
            {
                if (_buffer[_at] == TextEncodings.Undecodable)
                    throw new ImportFileException($"line {_lines}: bytes that are no text in this encoding; say in the mapping which one it is, such as csv: {{ encoding: gb18030 }}");
                return;
            }
        }
    }

    private void Append(char c)
    {
        if (_row.WrittenCount >= MaxRow)
            throw TooLarge();
        _row.GetSpan(1)[0] = c;
        _row.Advance(1);
    }

    private ImportFileException TooLarge() => new($"line {Line}: the row is larger than 1 MiB; a quote may not be closed, or the delimiter or the line ends are others");

    private int Peek()
    {
        if (_at < _filled)
            return _buffer[_at];
        (_at, _filled) = (0, text.Read(_buffer, 0, _buffer.Length));
        return _filled == 0 ? -1 : _buffer[0];
    }
}
