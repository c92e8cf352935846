namespace SlaMonitor.EventStore;

/// <summary>An event on its way into the log.</summary>
/// <param name="Id">Identifies the event for ever; see <see cref="EventId.From"/>. Appending the same id again is a duplicate, not an error.</param>
/// <param name="StreamId">The stream, for example <c>case/2026-000123</c>; unique within its centre.</param>
/// <param name="StreamType">The stream's kind, for example <c>case</c>; kept only when the append makes the stream.</param>
/// <param name="Type">The stored name, snake_case, at most 500 characters.</param>
/// <param name="DotnetType"><c>Namespace.Type, Assembly</c> for readers on Marten; null when there is none.</param>
/// <param name="Data">The event as UTF-8 JSON. Not copied: leave it unchanged until the append has ended.</param>
public sealed record EventToAppend(
    Guid Id, string StreamId, string StreamType, string Type, string? DotnetType, ReadOnlyMemory<byte> Data);
