using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using EventId = SlaMonitor.EventStore.EventId;

namespace SlaMonitor.Host.Demo;

/// <summary>A made-up fact on its way into the log.</summary>
/// <param name="Case">The case's number, or the id of what else it is about.</param>
/// <param name="Type">The event's name.</param>
/// <param name="Source">Which system reports it.</param>
/// <param name="SenderId">What that system calls it.</param>
/// <param name="OccurredAt">When it is dated.</param>
/// <param name="RecordedAt">When it arrives.</param>
/// <param name="Serial">Orders what arrives at the same moment.</param>
/// <param name="Json">The stored form.</param>
/// <param name="Proof">The misconduct that has happened once this has arrived; null: none.</param>
internal sealed record DemoEvent(
    string Case, string Type, string Source, string SenderId, Instant OccurredAt, Instant RecordedAt, long Serial, ReadOnlyMemory<byte> Json, Misconduct? Proof)
{
    private static readonly Dictionary<string, string> DotnetTypes = EventTypes.All.ToDictionary(t => t.Name, t => t.DotnetName);

    /// <summary>Whose it is.</summary>
    public string Centre { get; init; } = DemoPlan.Centre;

    /// <summary>What it is about.</summary>
    public StreamKind Kind { get; init; } = StreamKind.Case;

    /// <summary>The stream it belongs to.</summary>
    public string Stream => $"{StreamKinds.WordOf(Kind)}/{Case}";

    /// <summary>The order of arrival.</summary>
    public static int InOrder(DemoEvent a, DemoEvent b) => a.RecordedAt != b.RecordedAt ? a.RecordedAt.CompareTo(b.RecordedAt) : a.Serial.CompareTo(b.Serial);

    /// <summary>As something that arrives now.</summary>
    public EventToAppend Arriving() => new(EventId.From(Centre, Source, SenderId), Stream, StreamKinds.WordOf(Kind), Type, DotnetTypes[Type], Json);

    /// <summary>As something that arrived then.</summary>
    public EventToAppend Arrived() => Arriving() with { RecordedAt = RecordedAt };
}
