using NodaTime;

namespace SlaMonitor.Host.Demo;

/// <summary>What is made up day by day, or slot by slot, in the order in which it arrives.</summary>
internal static class Arrivals
{
    /// <summary>What is told of days from one on, without end. Only days ahead are in memory.</summary>
    /// <param name="from">The first day.</param>
    /// <param name="zone">The zone of the days.</param>
    /// <param name="eventsOf">All that is ever told of what begins on a day.</param>
    public static IEnumerable<DemoEvent> InOrder(LocalDate from, DateTimeZone zone, Func<LocalDate, IEnumerable<DemoEvent>> eventsOf)
    {
        // By the day they arrive on.
        var ahead = new Dictionary<LocalDate, List<DemoEvent>>();
        for (var day = from; ; day = day.PlusDays(1))
        {
            foreach (var told in eventsOf(day))
            {
                var arrives = told.RecordedAt.InZone(zone).Date;
                if (!ahead.TryGetValue(arrives, out var others))
                    ahead.Add(arrives, others = []);
                others.Add(told);
            }

            if (!ahead.Remove(day, out var today))
                continue;
            today.Sort(DemoEvent.InOrder);
            foreach (var told in today)
                yield return told;
        }
    }

    /// <summary>What is told of slots from one on, without end.</summary>
    /// <param name="slot">The first.</param>
    /// <param name="seconds">How long each is; they are counted from the beginning of 1970.</param>
    /// <param name="begun">Earlier ones that may not have ended; what of them was sent is sent again.</param>
    /// <param name="eventsOf">All that is ever told of what begins in a slot.</param>
    public static IEnumerable<DemoEvent> InOrder(long slot, int seconds, IEnumerable<long> begun, Func<long, IReadOnlyList<DemoEvent>> eventsOf)
    {
        var ahead = begun.Where(b => b < slot).SelectMany(eventsOf).ToList();
        for (; ; slot++)
        {
            ahead.AddRange(eventsOf(slot));
            ahead.Sort(DemoEvent.InOrder);
            var next = Instant.FromUnixTimeSeconds((slot + 1) * seconds);
            var ready = ahead.TakeWhile(e => e.RecordedAt < next).ToList();
            ahead.RemoveRange(0, ready.Count);
            foreach (var told in ready)
                yield return told;
        }
    }
}
