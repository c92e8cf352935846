using System.Buffers.Binary;
using System.IO.Compression;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// The beginning of a gzip document, deflated ahead of time to a byte's end, so that something can follow: several members one after the other would be
/// shorter to write, and not every reader goes beyond the first.
/// </summary>
/// <param name="Bytes">Deflated, without an end.</param>
/// <param name="Checksum">The running CRC-32 of what was deflated.</param>
/// <param name="Length">How long that was.</param>
internal sealed record DeflatedPiece(ReadOnlyMemory<byte> Bytes, uint Checksum, uint Length)
{
    // RFC 1952: deflate, no flags, no time, any system.
    private static readonly byte[] Header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    private static readonly byte[] LastBlock = [3, 0];
    private static readonly uint[] Remainders = [.. Enumerable.Range(0, 256).Select(n => RemainderOf((uint)n))];

    public static DeflatedPiece Of(ReadOnlySpan<byte> plain)
    {
        using var bytes = new MemoryStream((plain.Length / 8) + Header.Length);
        bytes.Write(Header);
        using var deflate = new DeflateStream(bytes, CompressionLevel.Fastest, leaveOpen: true);
        deflate.Write(plain);
        // Flushing ends the block at a byte; what closing would add is the end of all.
        deflate.Flush();
        return new DeflatedPiece(bytes.ToArray(), Continue(uint.MaxValue, plain), (uint)plain.Length);
    }

    /// <summary>The rest of the document: more of it, and the end.</summary>
    public byte[] End(ReadOnlySpan<byte> more)
    {
        using var bytes = new MemoryStream();
        using (var deflate = new DeflateStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(more);
        // Of nothing the stream makes nothing, and what was flushed still needs a last block.
        if (more.IsEmpty)
            bytes.Write(LastBlock);
        Span<byte> trailer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, ~Continue(Checksum, more));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], Length + (uint)more.Length);
        bytes.Write(trailer);
        return bytes.ToArray();
    }

    private static uint Continue(uint checksum, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            checksum = (checksum >> 8) ^ Remainders[(byte)(checksum ^ b)];
        return checksum;
    }

    private static uint RemainderOf(uint n)
    {
        for (var bit = 0; bit < 8; bit++)
            n = (n & 1) == 0 ? n >> 1 : (n >> 1) ^ 0xEDB88320;
        return n;
    }
}
