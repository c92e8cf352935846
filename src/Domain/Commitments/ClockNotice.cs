using NodaTime;

namespace SlaMonitor.Domain.Commitments;

/// <summary>Tells a clock from all others of its centre.</summary>
/// <param name="Stream">The stream it runs on, such as <c>case/2026-000123</c>.</param>
/// <param name="Commitment">The commitment's id.</param>
/// <param name="Key">The value of the key field; empty: the commitment has no key.</param>
/// <param name="Ordinal">1 for the first clock of this commitment and key on the stream, then 2, …</param>
public readonly record struct ClockId(string Stream, string Commitment, string Key, int Ordinal);

/// <summary>What a notice says.</summary>
public enum NoticeKind
{
    /// <summary>A level before due has begun to hold.</summary>
    DueSoon,

    /// <summary>Due has passed unmet.</summary>
    Breached,

    /// <summary>A level after due has begun to hold.</summary>
    Escalated,

    /// <summary>A breach that was told is none: a fact that arrived later stopped the clock in time, or moved its due.</summary>
    BreachRetracted,
}

/// <summary>A notice this system sent about a clock. It triggers alerts and is never an input to a verdict.</summary>
/// <param name="Clock">The clock.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Level">The level that was crossed; <c>breached</c> for due itself.</param>
/// <param name="Crossing">1 for the first notice of this clock, then 2, …</param>
/// <param name="At">The instant that was crossed, as it stood then.</param>
/// <param name="DueAt">Due as it stood then; null for a retraction of a clock that has none any more.</param>
/// <param name="ToldAt">When it was decided, by the database's clock.</param>
/// <param name="CatalogueVersion">The version the clock follows; null when the clock is gone.</param>
/// <param name="CalendarVersion">The calendar's version; null when the clock is gone.</param>
public sealed record ClockNotice(
    ClockId Clock, NoticeKind Kind, string Level, int Crossing, Instant At, Instant? DueAt, Instant ToldAt, string? CatalogueVersion, string? CalendarVersion);

/// <summary>An instant at which a clock has something to tell.</summary>
/// <param name="Kind">What it will say.</param>
/// <param name="Level">The level that begins to hold strictly after the instant.</param>
/// <param name="At">The instant; for a clock that appeared later, that moment.</param>
public readonly record struct Crossing(NoticeKind Kind, string Level, Instant At);

/// <summary>What has been told about a clock, folded from its notices.</summary>
/// <param name="Count">How many notices.</param>
/// <param name="BreachStands">True while a breach has been told and not retracted.</param>
/// <param name="Levels">When each level before or after due was last told, by name.</param>
public sealed record ToldNotices(int Count, bool BreachStands, ValueList<(string Level, Instant ToldAt)> Levels)
{
    /// <summary>Nothing was told.</summary>
    public static ToldNotices None { get; } = new(0, false, []);

    /// <summary>When a level was last told; null: it was not.</summary>
    public Instant? LastOf(string level)
    {
        foreach (var (name, toldAt) in Levels)
        {
            if (name == level)
                return toldAt;
        }

        return null;
    }

    /// <summary>With one more notice. One that is counted already changes nothing, so a notice can be applied twice.</summary>
    public static ToldNotices Evolve(ToldNotices told, ClockNotice notice)
    {
        ArgumentNullException.ThrowIfNull(told);
        ArgumentNullException.ThrowIfNull(notice);
        if (notice.Crossing <= told.Count)
            return told;
        return notice.Kind switch
        {
            NoticeKind.Breached => told with { Count = notice.Crossing, BreachStands = true },
            NoticeKind.BreachRetracted => told with { Count = notice.Crossing, BreachStands = false },
            NoticeKind.DueSoon or NoticeKind.Escalated => told with { Count = notice.Crossing, Levels = [.. told.Levels.Where(l => l.Level != notice.Level).Append((notice.Level, notice.ToldAt)).OrderBy(l => l.Level, StringComparer.Ordinal)] },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}
