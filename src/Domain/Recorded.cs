using NodaTime;

namespace SlaMonitor.Domain;

/// <summary>A fact as it stands in the store.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Type">The stored name, such as <c>case_accepted</c>.</param>
/// <param name="Rank">Lifecycle rank of the type: which of two facts of the same instant comes first.</param>
/// <param name="Id">Identifies the event for ever; made of centre, source and the sender's id.</param>
/// <param name="OccurredAt">When it happened, to the tick.</param>
/// <param name="Sequence">The sender's order of events of the same instant; 0 when none was given.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="SenderId">What the sender calls it.</param>
/// <param name="Position">Its place in the store.</param>
/// <param name="RecordedAt">When it was stored, by the database's clock.</param>
public sealed record Recorded(
    StreamEvent Event, string Type, int Rank, Guid Id, Instant OccurredAt, long Sequence, string Source, string SenderId, long Position, Instant RecordedAt);

/// <summary>The order facts are folded in, whatever order they arrived in.</summary>
public static class FoldOrder
{
    /// <summary>By occurredAt, the sender's sequence, lifecycle rank, event id.</summary>
    public static int Compare(Recorded a, Recorded b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return a.OccurredAt != b.OccurredAt ? a.OccurredAt.CompareTo(b.OccurredAt)
            : a.Sequence != b.Sequence ? a.Sequence.CompareTo(b.Sequence)
            : a.Rank != b.Rank ? a.Rank.CompareTo(b.Rank)
            : a.Id.CompareTo(b.Id);
    }
}
