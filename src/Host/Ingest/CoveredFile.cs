using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// A temporary file whose bytes mean nothing on the disk: they are covered by a stream of AES in counter mode, whose key is random and in memory alone. To be written
/// once, from the beginning to the end, and read as often as one likes: what is written twice at one place would uncover itself.
/// </summary>
internal sealed class CoveredFile : Stream
{
    private const int Block = 16;
    private readonly FileStream _file = Spool.File();
    private readonly Aes _aes = Aes.Create();

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _file.Position;
        set => _file.Position = value;
    }

    public override void Flush() => _file.Flush();

    public override long Seek(long offset, SeekOrigin origin) => _file.Seek(offset, origin);

    public override void SetLength(long value) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var at = _file.Position;
        var read = _file.Read(buffer);
        Cover(buffer[..read], buffer, at);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var at = _file.Position;
        var read = await _file.ReadAsync(buffer, cancellationToken);
        Cover(buffer.Span[..read], buffer.Span, at);
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var covered = ArrayPool<byte>.Shared.Rent(buffer.Length);
        Cover(buffer, covered, _file.Position);
        _file.Write(covered.AsSpan(0, buffer.Length));
        ArrayPool<byte>.Shared.Return(covered);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var covered = ArrayPool<byte>.Shared.Rent(buffer.Length);
        Cover(buffer.Span, covered, _file.Position);
        await _file.WriteAsync(covered.AsMemory(0, buffer.Length), cancellationToken);
        ArrayPool<byte>.Shared.Return(covered);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _aes.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Covers bytes that stand at a place of the file, or uncovers them: both are the same.</summary>
    private void Cover(ReadOnlySpan<byte> from, Span<byte> to, long at)
    {
        if (from.IsEmpty)
            return;
        var (first, skipped) = (at / Block, (int)(at % Block));
        var length = (skipped + from.Length + Block - 1) / Block * Block;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var stream = rented.AsSpan(0, length);
        stream.Clear();
        for (var i = 0; i < length; i += Block)
            BinaryPrimitives.WriteInt64LittleEndian(stream[i..], first + i / Block);
        _aes.EncryptEcb(stream, stream, PaddingMode.None);
        Combine(from, stream.Slice(skipped, from.Length), to);
        CryptographicOperations.ZeroMemory(stream);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static void Combine(ReadOnlySpan<byte> one, ReadOnlySpan<byte> two, Span<byte> to)
    {
        var i = 0;
        for (; i <= one.Length - Vector<byte>.Count; i += Vector<byte>.Count)
            (new Vector<byte>(one[i..]) ^ new Vector<byte>(two[i..])).CopyTo(to[i..]);
        for (; i < one.Length; i++)
            to[i] = (byte)(one[i] ^ two[i]);
    }
}
