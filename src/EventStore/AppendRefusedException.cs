namespace SlaMonitor.EventStore;

/// <summary>An append that the log refuses. Nothing of its transaction was stored, and the same call will be refused again.
/// The message names ids and streams, never content.</summary>
public abstract class AppendRefusedException : Exception
{
    private protected AppendRefusedException(string streamId, string message) : base(message) => StreamId = streamId;

    /// <summary>The stream that could not be appended to.</summary>
    public string StreamId { get; }
}

/// <summary>The stream is not at the version that the caller decided upon.</summary>
public sealed class VersionConflictException : AppendRefusedException
{
    internal VersionConflictException(string streamId, long expected, long actual)
        : base(streamId, $"Stream {streamId} is at version {actual}, not {expected}.") => (Expected, Actual) = (expected, actual);

    /// <summary>The version the caller gave; 0 for a stream that must not exist.</summary>
    public long Expected { get; }

    /// <summary>The stream's version when it was locked; 0 when it did not exist.</summary>
    public long Actual { get; }
}

/// <summary>The stream is archived and takes no more events.</summary>
public sealed class StreamArchivedException : AppendRefusedException
{
    internal StreamArchivedException(string streamId) : base(streamId, $"Stream {streamId} is archived.")
    {
    }
}

/// <summary>An event id is in the log, or earlier in the batch, with another centre, stream, type or content.</summary>
public sealed class EventIdReusedException : AppendRefusedException
{
    internal EventIdReusedException(Guid eventId, string streamId)
        : base(streamId, $"Event {eventId} of stream {streamId} was recorded before with other content.") => EventId = eventId;

    /// <summary>The id that stands for two different events.</summary>
    public Guid EventId { get; }
}
