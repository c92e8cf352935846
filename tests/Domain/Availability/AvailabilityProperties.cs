using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests.Domain.Availability;

/// <summary>What must hold for every history, whatever its overlaps, exclusions, unobserved time, parts and changes of terms.</summary>
public class AvailabilityProperties
{
    private static Gen<(History History, int From, int Until)> Asked =>
        from history in Histories.All from a in Gen.Choose(-3, Histories.Length + 3) from b in Gen.Choose(-3, Histories.Length + 3) select (history, Math.Min(a, b), Math.Max(a, b));

    [Fact]
    public void Totals_are_what_the_definition_gives_moment_by_moment() => Check(Asked, given =>
        Assert.Equal(given.History.Naive.Totals(Ticks(given.History, given.From), Ticks(given.History, given.Until)), Totals(given.History, given.From, given.Until)));

    [Fact]
    public void Interruptions_are_what_the_definition_gives_moment_by_moment() => Check(Asked, given =>
    {
        var expected = given.History.Naive.Interruptions(Ticks(given.History, -5), Ticks(given.History, given.From), Ticks(given.History, given.Until));
        var found = Interruptions(given.History, given.From, given.Until);
        Assert.Equal(expected, found.Select(f => (Tick.Of(f.From), f.Until is { } until ? (long?)Tick.Of(until) : null, f.RestoreTicks)));
        Assert.All(found, f => Assert.NotEmpty(f.Outages));
    });

    [Fact]
    public void Cut_anywhere_the_pieces_add_up_to_the_whole() => Check(
        from asked in Asked from cuts in Gen.ArrayOf(Gen.Choose(-3, Histories.Length + 3), 5) select (asked, cuts),
        given =>
        {
            var (history, from, until) = given.asked;
            int[] cuts = [from, .. given.cuts.Where(c => c > from && c < until).Order(), until];
            var whole = Totals(history, from, until);
            var pieces = cuts.Zip(cuts.Skip(1), (a, b) => Totals(history, a, b)).ToList();
            Assert.Equal(whole, pieces.Aggregate(default(AvailabilityTotals), (a, b) => a + b));
            Assert.Equal(pieces, ServiceAvailability.ByBucket(history.Terms, [.. cuts.Select(history.InstantOf)], Tick.ToInstant(history.At)));
            Assert.Equal(Described(Interruptions(history, from, until)), cuts.Zip(cuts.Skip(1), (a, b) => Interruptions(history, a, b)).SelectMany(Described));
        });

    [Fact]
    public void Segments_tile_the_range_and_their_sums_are_the_totals() => Check(Asked, given =>
    {
        var (from, until) = (given.History.InstantOf(given.From), Instant.Min(given.History.InstantOf(given.Until), Tick.ToInstant(given.History.At)));
        var segments = ServiceAvailability.Segments(given.History.Terms, from, given.History.InstantOf(given.Until), Tick.ToInstant(given.History.At));
        var totals = Totals(given.History, given.From, given.Until);
        Assert.Equal(totals.Agreed, segments.Where(s => s.IsAgreed).Sum(Length));
        Assert.Equal(totals.Downtime, segments.Where(s => s.IsAgreed).Aggregate(Int128.Zero, (sum, s) => sum + ((Int128)Length(s) * s.Lost.Billionths)));
        Assert.Equal(totals.GrossDowntime, segments.Aggregate(Int128.Zero, (sum, s) => sum + ((Int128)Length(s) * s.GrossLost.Billionths)));
        Assert.Equal(totals.LeftOut, segments.Where(s => s.Reason == AvailabilityReason.LeftOut).Sum(Length));
        Assert.Equal(totals.Hours, segments.Where(s => s.Reason is not (AvailabilityReason.NotValid or AvailabilityReason.OutsideHours)).Sum(Length));
        Assert.All(segments.Zip(segments.Skip(1)), pair => Assert.True(pair.First.Until == pair.Second.From && pair.First with { From = pair.Second.From, Until = pair.Second.Until } != pair.Second));
        Assert.All(segments.Where(s => s.Reason is AvailabilityReason.LeftOut or AvailabilityReason.UpByExclusion), s => Assert.NotEmpty(s.Exclusions));
        if (from >= until)
            Assert.Empty(segments);
        else
            Assert.Equal((from, until), (segments[0].From, segments[^1].Until));
    });

    [Fact]
    public void Facts_in_any_order_and_cut_in_touching_pieces_give_the_same() => Check(Asked, given =>
    {
        var (history, from, until) = given;
        var other = history with { Terms = [.. history.Terms.Select(t => t with { Node = Shuffled(t.Node) })] };
        Assert.Equal(Totals(history, from, until), Totals(other, from, until));
        Assert.Equal(Described(Interruptions(history, from, until)), Described(Interruptions(other, from, until)));
    });

    private static ServiceNode Shuffled(ServiceNode node) => node switch
    {
        ServiceNode.Own own => Shuffled(own),
        ServiceNode.Composite composite => new ServiceNode.Composite(Shuffled(composite.Itself), Shuffled(composite.Parts)),
        ServiceNode.All all => new ServiceNode.All([.. all.Parts.Reverse().Select(Shuffled)]),
        ServiceNode.Any any => new ServiceNode.Any([.. any.Parts.Reverse().Select(Shuffled)]),
        ServiceNode.KOf some => new ServiceNode.KOf(some.K, [.. some.Parts.Reverse().Select(Shuffled)]),
        ServiceNode.Weighted weighted => new ServiceNode.Weighted([.. weighted.Parts.Reverse().Select(p => p with { Part = Shuffled(p.Part) })]),
        _ => throw new InvalidOperationException(),
    };

    private static ServiceNode.Own Shuffled(ServiceNode.Own own) => own with
    {
        Facts = new ServiceFacts(
            [.. own.Facts.Outages.Reverse().SelectMany(o => Middle(o.From, o.Until) is { } middle ? new[] { o with { From = middle }, o with { Until = middle } } : [o])],
            [.. own.Facts.Exclusions.Concat(own.Facts.Exclusions).OrderBy(e => e.Until)],
            [.. own.Facts.Unobserved.Reverse()]),
    };

    private static Instant? Middle(Instant from, Instant? until) => until is { } end && end > from ? Tick.Truncate(from + ((end - from) / 2)) : null;

    private static IEnumerable<string> Described(IEnumerable<Interruption> interruptions) => interruptions.Select(i => i.ToString());

    private static long Length(AvailabilitySegment segment) => Tick.Of(segment.Until) - Tick.Of(segment.From);

    private static long Ticks(History history, int units) => history.Origin + (units * history.Unit);

    private static AvailabilityTotals Totals(History history, int from, int until) =>
        ServiceAvailability.Totals(history.Terms, history.InstantOf(from), history.InstantOf(until), Tick.ToInstant(history.At));

    private static IReadOnlyList<Interruption> Interruptions(History history, int from, int until) =>
        ServiceAvailability.Interruptions(history.Terms, history.InstantOf(from), history.InstantOf(until), Tick.ToInstant(history.At));

    private static void Check<T>(Gen<T> gen, Action<T> property) =>
        Prop.ForAll(gen.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
