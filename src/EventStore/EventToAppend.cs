using System.Text.Json;
using NodaTime;

namespace SlaMonitor.EventStore;

/// <summary>An event on its way into the log.</summary>
/// <param name="Id">Identifies the event for ever; see <see cref="EventId.From"/>. Appending the same id again is a duplicate, not an error.</param>
/// <param name="StreamId">The stream, for example <c>case/2026-000123</c>; unique within its centre.</param>
/// <param name="StreamType">The stream's kind, for example <c>case</c>; kept only when the append makes the stream.</param>
/// <param name="Type">The stored name, snake_case, at most 500 characters.</param>
/// <param name="DotnetType"><c>Namespace.Type, Assembly</c> for readers on Marten; null when there is none.</param>
/// <param name="Data">The event as UTF-8 JSON. Not copied: leave it unchanged until the append has ended.</param>
/// <param name="RecordedAt">Only of a history that is made up: when it is said to have been recorded, in the past and never before what stands above it. Null,
/// as for all that really happens: now, by the server's clock.</param>
public sealed record EventToAppend(
    Guid Id, string StreamId, string StreamType, string Type, string? DotnetType, ReadOnlyMemory<byte> Data, Instant? RecordedAt = null)
{
    /// <summary>True when what is recorded, or sent a second time, under the same id says the same. jsonb reorders properties and rewrites numbers and
    /// escapes, so bytes alone do not tell.</summary>
    /// <param name="streamId">The other's stream.</param>
    /// <param name="type">The other's type.</param>
    /// <param name="data">The other's JSON.</param>
    public bool SameContent(string streamId, string type, ReadOnlyMemory<byte> data)
    {
        if (StreamId != streamId || Type != type)
            return false;
        if (Data.Span.SequenceEqual(data.Span))
            return true;
        using var ours = JsonDocument.Parse(Data);
        using var theirs = JsonDocument.Parse(data);
        return JsonElement.DeepEquals(ours.RootElement, theirs.RootElement);
    }

    /// <inheritdoc cref="SameContent(string, string, ReadOnlyMemory{byte})"/>
    /// <param name="other">The other.</param>
    public bool SameContent(EventToAppend other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return SameContent(other.StreamId, other.Type, other.Data);
    }
}
