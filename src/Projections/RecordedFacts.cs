using SlaMonitor.Domain;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections;

/// <summary>What stored events say about what their streams are about.</summary>
public static class RecordedFacts
{
    /// <summary>The facts among events, in their order; those that do not concern their stream are passed over.</summary>
    public static IEnumerable<Recorded> Facts(this IEnumerable<RecordedEvent> events) => events.Select(e => e.Fact()).OfType<Recorded>();

    /// <summary>What an event says; null: it does not concern its stream.</summary>
    public static Recorded? Fact(this RecordedEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return EventTypes.Concerns(e.Type, e.StreamId) ? EventJson.ReadFact(e.Type, e.Id, e.Data, e.Position, e.RecordedAt) : null;
    }
}
