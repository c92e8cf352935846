using System.Diagnostics;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Catalogues;

namespace SlaMonitor.Bench;

/// <summary>One deadline with two pauses on ten years of China's calendar.</summary>
internal static class DeadlineRow
{
    private const int Count = 200_000;

    // The runtime compiles what is hot anew in the background; a host that runs for months has that behind it.
    private const int WarmUps = 20;

    private static readonly CalendarDefinition China = CatalogueFiles.FindCalendar("cn", new JsonFields(System.Text.Json.JsonDocument.Parse("{}").RootElement, []))!;

    /// <summary>A calendar lays itself out over ten years at the first question it is asked.</summary>
    public static BenchRow MeasureBuild(int rounds)
    {
        var times = new List<double>();
        for (var round = 0; round <= rounds * 10; round++)
        {
            var started = Stopwatch.GetTimestamp();
            new Calendar(China).IsWorkingDay(new LocalDate(2020, 1, 2));
            times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return new BenchRow("a ten-year calendar laid out: µs", BenchRow.Median(times.Skip(1)), null, null, "5,000");
    }

    public static BenchRow Measure(int rounds)
    {
        var calendar = new Calendar(China);
        var first = new LocalDate(2017, 1, 2).At(new LocalTime(10, 0)).InZoneLeniently(calendar.Zone).ToInstant();
        var facts = Enumerable.Range(0, 1024).Select(i => first + Duration.FromHours(i * 70)).Select(start => new ClockFacts(
            calendar, new Limit.WorkingDays(20), start,
            [new Pause(start + Duration.FromDays(3), start + Duration.FromDays(5)), new Pause(start + Duration.FromDays(9), start + Duration.FromDays(10))])).ToArray();
        var (times, bytes) = (new List<double>(), 0L);
        for (var round = 0; round < WarmUps + rounds; round++)
        {
            var (allocated, started, due) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp(), 0L);
            for (var i = 0; i < Count; i++)
                due += Reckoning.Of(facts[i & 1023]).DueAt!.Value.ToUnixTimeTicks() & 1;
            times.Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds / Count);
            bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
            GC.KeepAlive(due);
        }

        return new BenchRow($"one deadline, two pauses, ten-year calendar: ns ({bytes / Count} B each)", BenchRow.Median(times.Skip(WarmUps)), null, null, "300, 0 B");
    }
}
