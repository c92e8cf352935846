using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests.Domain.Time;

/// <summary>
/// 20,000 random legal counts on China's published calendar, 2007 to 2026, against an implementation that goes day by day and
/// knows nothing of sums, searches or ticks of ours.
/// </summary>
public class NaiveLegalCountTests
{
    private static readonly Calendar Hall = TestCalendars.Shipped("cn");

    [Fact]
    public void Counts_with_pauses_extensions_and_starts_on_closed_days_agree_with_going_day_by_day()
    {
        var random = new Random(20260302);
        var first = new LocalDateTime(2007, 1, 2, 0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            // To the minute, and now and then exactly on an opening, a closing or midnight.
            var start = first.PlusMinutes(random.Next(10_300_000));
            if (random.Next(5) == 0)
                start = start.Date.At(new LocalTime(((int[])[0, 9, 12, 14, 18])[random.Next(5)], 0));
            var limit = random.Next(46);
            List<(LocalDateTime From, LocalDateTime Until)> pauses = [];
            for (var from = start.PlusMinutes(random.Next(20_000)); pauses.Count < 3 && random.Next(2) == 0; from = pauses[^1].Until.PlusMinutes(1 + random.Next(20_000)))
                pauses.Add((from, from.PlusMinutes(1 + random.Next(30_000))));
            List<(LocalDateTime At, int Add)> extensions = [];
            for (var at = start.PlusMinutes(random.Next(40_000)); extensions.Count < 2 && random.Next(3) == 0; at = at.PlusMinutes(random.Next(40_000)))
                extensions.Add((at, 1 + random.Next(15)));

            var facts = new ClockFacts(
                Hall, new Limit.WorkingDays(limit), At(start), [.. pauses.Select(p => new Pause(At(p.From), At(p.Until)))],
                [.. extensions.Select(e => new Extension(At(e.At), new Limit.WorkingDays(e.Add)))]);
            var expected = Naive(start, limit, pauses, extensions);
            Assert.True(At(expected) == Reckoning.Of(facts).DueAt, $"{start} {limit} [{string.Join(", ", pauses)}] [{string.Join(", ", extensions)}]: naively {expected}, counted {Reckoning.Of(facts).DueAt}");
        }
    }

    private static LocalDateTime Naive(LocalDateTime start, int limit, List<(LocalDateTime From, LocalDateTime Until)> pauses, List<(LocalDateTime At, int Add)> extensions)
    {
        foreach (var (at, add) in extensions.OrderBy(e => e.At))
        {
            if (NaiveDue(start, limit, pauses) >= at)
                limit += add;
        }

        return NaiveDue(start, limit, pauses);
    }

    private static LocalDateTime NaiveDue(LocalDateTime start, int limit, List<(LocalDateTime From, LocalDateTime Until)> pauses)
    {
        var (resumed, left) = (start, limit);
        foreach (var (from, until) in pauses)
        {
            var due = DueFrom(resumed, left);
            if (due < from)
                return due;
            // Working days after the day the segment began for business, up to the day its last moment lies on.
            for (var day = BusinessDay(resumed).PlusDays(1); day <= from.PlusTicks(-1).Date; day = day.PlusDays(1))
                left -= Works(day) ? 1 : 0;
            resumed = until;
        }

        return DueFrom(resumed, left);
    }

    private static LocalDateTime DueFrom(LocalDateTime from, int left)
    {
        var day = BusinessDay(from);
        for (; left > 0; left--)
        {
            do
                day = day.PlusDays(1);
            while (!Works(day));
        }

        return day.At(new LocalTime(18, 0));
    }

    private static LocalDate BusinessDay(LocalDateTime at)
    {
        var day = at.Date;
        if (Works(day) && at.TimeOfDay <= new LocalTime(18, 0))
            return day;
        do
            day = day.PlusDays(1);
        while (!Works(day));
        return day;
    }

    private static bool Works(LocalDate day) => Hall.Definition.Workdays.ContainsKey(day)
        || (day.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday) && !Hall.Definition.Holidays.Contains(day));

    private static Instant At(LocalDateTime local) => local.InZoneStrictly(Hall.Zone).ToInstant();
}
