using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests.Domain.Time;

/// <summary>What must hold for every limit, start and pause, over the years of China's published calendar and over DST.</summary>
public class ClockProperties
{
    private static readonly Calendar[] Calendars =
        [TestCalendars.Shipped("cn"), TestCalendars.Weekly("Europe/Amsterdam", "08:30-12:00", "13:00-17:00"), new(CalendarDefinition.AlwaysOpen(DateTimeZoneProviders.Tzdb["America/New_York"]))];

    private static readonly Instant Earliest = Instant.FromUtc(2010, 1, 1, 0, 0);

    private static Gen<Instant> Instants => Gen.Choose(0, 8_000_000).Select(minutes => Earliest + Duration.FromMinutes(minutes));

    private static Gen<Limit> Limits => Gen.OneOf(
        Gen.Choose(0, 60).Select(n => (Limit)new Limit.WorkingDays(n)),
        Gen.Choose(0, 60).Select(n => (Limit)new Limit.ElapsedWorkingDays(n, (Boundary)(n % 2))),
        Gen.Choose(0, 60).Select(n => (Limit)new Limit.CalendarDays(n, (DayEnd)(n % 3), n % 2 == 0)),
        Gen.Choose(0, 12_000).Select(n => (Limit)new Limit.WorkingTime(Duration.FromMinutes(n), (Boundary)(n % 2))),
        Gen.Choose(0, 90_000).Select(n => (Limit)new Limit.Elapsed(Duration.FromMinutes(n))));

    private static Gen<ClockFacts> Facts =>
        from calendar in Gen.Elements(Calendars)
        from limit in Limits
        from start in Instants
        from count in Gen.Choose(0, 4)
        from pauses in Gen.ArrayOf(
            from after in Gen.Choose(-2_000, 80_000)
            from length in Gen.Choose(1, 20_000)
            select new Pause(start + Duration.FromMinutes(after), start + Duration.FromMinutes(after + length)), count)
        select new ClockFacts(calendar, limit, start, pauses);

    [Fact]
    public void Explained_segments_tile_the_range_and_end_at_what_was_used() => Check(
        from facts in Facts from minutes in Gen.Choose(1, 150_000) select (facts, minutes),
        given =>
        {
            var at = given.facts.Start + Duration.FromMinutes(given.minutes);
            var explanation = Explanation.Of(given.facts, at);
            Assert.Equal(given.facts.Start, explanation.Segments[0].From);
            Assert.Equal(at, explanation.Segments[^1].Until);
            Assert.All(explanation.Segments.Zip(explanation.Segments.Skip(1)), pair => Assert.Equal(pair.First.Until, pair.Second.From));
            Assert.All(explanation.Segments, s => Assert.True(s.From < s.Until));
            Assert.Equal(explanation.Reckoning.Used, explanation.Segments[^1].Total);
            Assert.All(explanation.Segments.Zip(explanation.Segments.Skip(1)), pair => Assert.True(pair.Second.Counted || pair.First.Total == pair.Second.Total, "only counted segments add"));
            Assert.Equal(Reckoning.Of(given.facts, at), explanation.Reckoning);
        });

    [Fact]
    public void A_pause_never_makes_due_earlier() => Check(
        from facts in Facts from after in Gen.Choose(0, 80_000) from length in Gen.Choose(1, 20_000) select (facts, after, length),
        given =>
        {
            var extra = new Pause(given.facts.Start + Duration.FromMinutes(given.after), given.facts.Start + Duration.FromMinutes(given.after + given.length));
            var with = Reckoning.Of(given.facts with { Pauses = [.. given.facts.Pauses!, extra] }).DueAt;
            Assert.True(with >= Reckoning.Of(given.facts).DueAt);
        });

    [Fact]
    public void Due_grows_with_the_limit() => Check(Facts, facts =>
        Assert.True(Reckoning.Of(facts with { Limit = facts.Limit.WithTotal(facts.Limit.Total + 1) }).DueAt >= Reckoning.Of(facts).DueAt));

    [Fact]
    public void Due_grows_with_the_start() => Check(
        from facts in Facts from later in Gen.Choose(1, 5_000) select (facts, later),
        given =>
        {
            var bare = given.facts with { Pauses = null };
            // The same time of day on a day that rolled can be after that of a start on the day itself, and where the clocks go
            // back a later start can have an earlier time of day: both are what "same time" says.
            if (bare.Limit is Limit.CalendarDays { Ends: DayEnd.SameTime } sameTime && (sameTime.Roll || LocalTimeGoesBack(bare, given.later)))
                return;
            Assert.True(Reckoning.Of(bare with { Start = bare.Start + Duration.FromMinutes(given.later) }).DueAt >= Reckoning.Of(bare).DueAt);
        });

    [Fact]
    public void Pauses_in_any_order_cut_in_pieces_give_the_same_verdict() => Check(Facts, facts =>
    {
        var cut = facts.Pauses!.SelectMany(p => new[] { new Pause(p.From, Middle(p)), new Pause(Middle(p), p.Until), p }).Reverse().ToArray();
        Assert.Equal(Reckoning.Of(facts), Reckoning.Of(facts with { Pauses = cut }));
    });

    [Fact]
    public void Judged_at_due_a_clock_runs_and_a_tick_later_it_is_breached() => Check(Facts, facts =>
    {
        if (Reckoning.Of(facts).DueAt is not { } due)
            return;
        // Not judged inside a pause: there is no due then.
        Assert.NotEqual(ClockState.Breached, Reckoning.Of(facts, due).State);
        var after = Reckoning.Of(facts, Tick.ToInstant(Tick.Of(due) + 1));
        Assert.True(after.State == ClockState.Breached || facts.Pauses!.Any(p => p.From <= due + Duration.FromTicks(10) && due < p.Until), $"{after}");
    });

    [Fact]
    public void Used_is_the_sum_of_what_the_segments_between_pauses_use() => Check(
        from facts in Facts from minutes in Gen.Choose(1, 150_000) select (facts, minutes),
        given =>
        {
            var explanation = Explanation.Of(given.facts, given.facts.Start + Duration.FromMinutes(given.minutes));
            Fraction sum = 0;
            var running = explanation.Segments.Where(s => s.Reason != SegmentReason.Paused).ToList();
            for (var i = 0; i < running.Count; i++)
            {
                // A run of segments without a pause between is one running segment of a clock of its own.
                var first = i;
                while (i + 1 < running.Count && running[i + 1].From == running[i].Until)
                    i++;
                sum += Reckoning.Of(given.facts with { Start = running[first].From, Pauses = null }, running[i].Until).Used.Value;
            }

            Assert.Equal(explanation.Reckoning.Used.Value, sum);
        });

    [Theory]
    [InlineData("Asia/Shanghai")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("Africa/Casablanca")]
    public void Lookups_and_their_inverses_meet_in_every_zone_also_where_the_clocks_change(string zone)
    {
        // Open through the hours in which clocks are changed, on Sundays too.
        var hours = OpeningHours.Parse(["00:00-03:30", "09:00-12:00", "22:00-24:00"]);
        var calendar = new Calendar(new CalendarDefinition
        {
            Zone = DateTimeZoneProviders.Tzdb[zone],
            Week = System.Collections.Immutable.ImmutableDictionary.CreateRange(Enumerable.Range(1, 7).Where(d => d != 3).Select(d => KeyValuePair.Create((IsoDayOfWeek)d, hours))),
        });
        Check(
            from at in Instants from minutes in Gen.Choose(1, 30_000) select (at, minutes),
            given =>
            {
                var length = Duration.FromMinutes(given.minutes);
                var (later, earlier) = (calendar.Add(given.at, length), calendar.Subtract(given.at, length));
                Assert.Equal(length, calendar.OpenTimeBetween(given.at, later));
                Assert.Equal(length, calendar.OpenTimeBetween(earlier, given.at));
                Assert.Equal(calendar.NextOpening(later), calendar.Add(given.at, length, Boundary.Open));
                Assert.Equal(length, calendar.OpenIntervals(given.at, later).Aggregate(Duration.Zero, (sum, i) => sum + i.Duration));
                var days = new Fraction(given.minutes, 600);
                // Computed dues are rounded up to the tick, so the way back is that much longer at most.
                var there = calendar.AddWorkingDaysElapsed(given.at, days);
                Assert.True(calendar.WorkingDaysElapsed(given.at, there) >= days);
                Assert.True(calendar.WorkingDaysElapsed(given.at, Tick.ToInstant(Tick.Of(there) - 1)) < days);
                var date = calendar.DateOf(given.at);
                Assert.Equal(date, calendar.WorkingDayBefore(calendar.WorkingDayAfter(date, 7), 7) is var back && calendar.IsWorkingDay(date) ? back : date);
                Assert.Equal(7, calendar.WorkingDaysBetween(date, calendar.WorkingDayAfter(date, 7)));
            });
    }

    private static bool LocalTimeGoesBack(ClockFacts facts, int minutes) =>
        (facts.Start + Duration.FromMinutes(minutes)).InZone(facts.Calendar.Zone).LocalDateTime < facts.Start.InZone(facts.Calendar.Zone).LocalDateTime;

    private static Instant Middle(Pause pause) => Tick.Truncate(pause.From + ((pause.Until!.Value - pause.From) / 2));

    private static void Check<T>(Gen<T> given, Action<T> holds) => Prop.ForAll(given.ToArbitrary(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
}
