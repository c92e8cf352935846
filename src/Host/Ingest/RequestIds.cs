using System.Buffers.Binary;

namespace SlaMonitor.Host.Ingest;

/// <summary>
/// The ids of a request that is too long to be kept, in a file: finds one that stands for two contents before anything is
/// stored. A part of the ids is in memory at a time.
/// </summary>
internal sealed class RequestIds : IDisposable
{
    private const int EntrySize = 16 + 16 + 4 + 8;
    private const int EntriesAtATime = 1_000_000;
    private readonly FileStream _file = Spool.File();
    private long _count;

    /// <summary>Notes an event.</summary>
    public void Add(CheckedItem e)
    {
        Span<byte> entry = stackalloc byte[EntrySize];
        e.Event.Id.TryWriteBytes(entry);
        BinaryPrimitives.WriteUInt128LittleEndian(entry[16..], ContentHash.Of(e.Event));
        BinaryPrimitives.WriteInt32LittleEndian(entry[32..], e.Item);
        BinaryPrimitives.WriteInt64LittleEndian(entry[36..], e.Line ?? 0);
        _file.Write(entry);
        _count++;
    }

    /// <summary>The items whose id an item before them has with other content, and their lines where they stand on lines.</summary>
    public IEnumerable<(int Item, long? Line)> Contradicting()
    {
        var parts = (uint)(_count / EntriesAtATime) + 1;
        for (var part = 0u; part < parts; part++)
        {
            var first = new Dictionary<Guid, UInt128>((int)(_count / parts) + 1);
            foreach (var (id, hash, item, line) in Entries(part, parts))
            {
                if (!first.TryAdd(id, hash) && first[id] != hash)
                    yield return (item, line == 0 ? null : line);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private IEnumerable<(Guid Id, UInt128 Hash, int Item, long Line)> Entries(uint part, uint parts)
    {
        _file.Position = 0;
        var entry = new byte[EntrySize];
        for (var i = 0L; i < _count; i++)
        {
            _file.ReadExactly(entry);
            // Ids are hashes, so their last bytes deal them out evenly.
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry.AsSpan(12)) % parts == part)
            {
                yield return (new Guid(entry.AsSpan(0, 16)), BinaryPrimitives.ReadUInt128LittleEndian(entry.AsSpan(16)),
                    BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(32)), BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(36)));
            }
        }
    }
}
