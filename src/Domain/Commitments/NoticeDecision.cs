using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Commitments;

/// <summary>
/// Decides which notices a clock is owed. A breach is told once while it stands, wherever in the past its due moves; it is
/// retracted when it is none after all, and can then be told again. A level is told once, and again only when it has moved to
/// after it was told. Nothing is soon once it is due.
/// </summary>
public static class NoticeDecision
{
    /// <summary>The level of due itself.</summary>
    public const string BreachedLevel = "breached";

    /// <summary>What was passed longer ago is history and wakes nobody.</summary>
    public static Duration Memory { get; } = Duration.FromHours(24);

    /// <summary>All crossings of a clock that can still be told, as the facts stand, by time. What a clock that has ended was spared is none.</summary>
    /// <exception cref="CalendarRangeException">A level lies beyond the calendar.</exception>
    public static ValueList<Crossing> CrossingsOf(Clock clock, ClockReading reading)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(reading);
        if (reading.Reckoning.DueAt is not { } due || reading.State is ClockState.Met or ClockState.Void)
            return [];
        var crossings = new List<Crossing> { At(NoticeKind.Breached, BreachedLevel, due) };
        // Of a clock that stopped late only the breach is told: nothing about it is soon, or goes on.
        foreach (var level in clock.EndedAt is null ? clock.Definition.Levels : [])
        {
            if (level.InstantFor(clock.Facts, reading.Reckoning) is { } at)
                crossings.Add(At(level.IsBeforeDue ? NoticeKind.DueSoon : NoticeKind.Escalated, level.Name, at));
        }

        // Few, and mostly in order already.
        for (var i = 1; i < crossings.Count; i++)
        {
            for (var j = i; j > 0 && (crossings[j].At, crossings[j].Kind).CompareTo((crossings[j - 1].At, crossings[j - 1].Kind)) < 0; j--)
                (crossings[j - 1], crossings[j]) = (crossings[j], crossings[j - 1]);
        }

        return [.. crossings];

        Crossing At(NoticeKind kind, string level, Instant at) => new(kind, level, clock.AppearsAt > at ? clock.AppearsAt.Value : at);
    }

    /// <summary>When there is next something to tell; null: nothing, unless facts change.</summary>
    public static Instant? NextAt(IReadOnlyList<Crossing> crossings, ToldNotices told, Instant now)
    {
        foreach (var crossing in crossings)
        {
            if (IsOwed(crossing, crossings, told, now))
                return crossing.At;
        }

        return null;
    }

    /// <summary>True when a breach was told that is none, as the facts stand now. A clock that is gone has no reading.</summary>
    public static bool MustRetract(ClockReading? reading, ToldNotices told, Instant now) =>
        told.BreachStands && !(reading?.State == ClockState.Breached || (reading?.State == ClockState.Running && reading.Reckoning.DueAt < now));

    /// <summary>The notices owed at an instant, in order; none when all is told.</summary>
    /// <param name="id">The clock.</param>
    /// <param name="clock">As the facts stand; null: it is gone.</param>
    /// <param name="told">What was told before.</param>
    /// <param name="now">By the database's clock.</param>
    public static IReadOnlyList<ClockNotice> Decide(ClockId id, Clock? clock, ToldNotices told, Instant now)
    {
        var reading = clock?.Read();
        var notices = new List<ClockNotice>();
        ArgumentNullException.ThrowIfNull(told);
        if (MustRetract(reading, told, now))
            Tell(NoticeKind.BreachRetracted, BreachedLevel, now);
        var crossings = clock is null ? [] : CrossingsOf(clock, reading!);
        foreach (var crossing in crossings)
        {
            if (crossing.At < now && IsOwed(crossing, crossings, told, now))
                Tell(crossing.Kind, crossing.Level, crossing.At);
        }

        return notices;

        void Tell(NoticeKind kind, string level, Instant at) => notices.Add(new ClockNotice(
            id, kind, level, told.Count + notices.Count + 1, at, reading?.Reckoning.DueAt, now, clock?.CatalogueVersion, clock?.Facts.Calendar.Version));
    }

    private static bool IsOwed(Crossing crossing, IReadOnlyList<Crossing> all, ToldNotices told, Instant now) => crossing.At >= now - Memory && crossing.Kind switch
    {
        NoticeKind.Breached => !told.BreachStands,
        NoticeKind.DueSoon => !(crossing.At <= told.LastOf(crossing.Level)) && all.First(c => c.Kind == NoticeKind.Breached).At >= now,
        NoticeKind.Escalated => !(crossing.At <= told.LastOf(crossing.Level)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
