using NodaTime;

namespace SlaMonitor.EventStore;

/// <summary>An event as the log keeps it; never edited.</summary>
/// <param name="Position">Its place in the log, from 1; positions ascend and may have holes.</param>
/// <param name="Id">The event's id.</param>
/// <param name="Centre">The centre (Marten's tenant) whose log this is.</param>
/// <param name="StreamId">The stream within the centre.</param>
/// <param name="Version">Its place in the stream, gapless from 1.</param>
/// <param name="Type">The stored name, snake_case.</param>
/// <param name="Data">The event as UTF-8 JSON, as jsonb prints it.</param>
/// <param name="RecordedAt">When the database server took it in, to the microsecond. Not monotone in <paramref name="Position"/>.</param>
public sealed record RecordedEvent(
    long Position, Guid Id, string Centre, string StreamId, long Version, string Type, ReadOnlyMemory<byte> Data, Instant RecordedAt);
