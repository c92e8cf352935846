using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;
using SlaMonitor.Tests.Domain.Time;

namespace SlaMonitor.Tests.Domain.Availability;

/// <summary>Small random histories of services: some ticks around the clock, and some days of hours around a change of the clocks.</summary>
internal static class Histories
{
    /// <summary>How many units a history is long.</summary>
    public const int Length = 60;

    private static readonly int[] Losses = [.. new[] { 1.0m, 1.0m, 0.5m, 0.25m, 0.1m, 0.05m, 0.75m, 0m }.Select(l => LostShare.FromDecimal(l)!.Value.Billionths)];

    // The clocks change in Berlin in the night to Sunday.
    private static readonly long Saturday = Tick.Of(Instant.FromUtc(2024, 3, 30, 6, 0));
    private static readonly Calendar Hall = TestCalendars.EveryDay("Europe/Berlin", "08:00-12:00", "13:00-18:00");

    public static Gen<History> All => Gen.OneOf(Of(0, 1, null), Of(0, 7, null), Of(Saturday, 3600 * Tick.PerSecond, Hall));

    private static Gen<History> Of(long origin, long unit, Calendar? hours) =>
        from count in Gen.Choose(1, 3)
        from lengths in Gen.ArrayOf(Gen.Choose(1, Length / 2), count)
        from gaps in Gen.ArrayOf(Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 5))), count)
        from terms in Gen.ArrayOf(Terms(unit, hours), count)
        from nodes in Gen.ArrayOf(Node(origin, unit, 2), count)
        from same in Gen.Elements(true, false)
        from at in Gen.Choose(Length / 2, Length)
        select new History(origin, unit, origin + (at * unit), Spans(origin, unit, lengths, gaps, terms, same ? [.. nodes.Select(_ => nodes[0])] : nodes));

    private static TermsSpan[] Spans(long origin, long unit, int[] lengths, int[] gaps, AvailabilityTerms[] terms, ServiceNode[] nodes)
    {
        List<TermsSpan> spans = [];
        var now = 0;
        for (var i = 0; i < lengths.Length; i++)
        {
            var from = now + gaps[i];
            now = from + lengths[i];
            spans.Add(new TermsSpan(Tick.ToInstant(origin + (from * unit)), Tick.ToInstant(origin + (now * unit)), terms[i], nodes[i]));
        }

        return [.. spans];
    }

    private static Gen<AvailabilityTerms> Terms(long unit, Calendar? hours) =>
        from unobserved in Gen.Elements(UnobservedAs.LeftOut, UnobservedAs.Up, UnobservedAs.Down)
        from gap in Gen.Choose(0, 3)
        from floor in Gen.Elements(0, 0, 300_000_000)
        select new AvailabilityTerms(hours, unobserved, Tick.ToDuration(gap * unit), new LostShare(floor));

    private static Gen<ServiceNode> Node(long origin, long unit, int depth)
    {
        var own = from facts in Facts(origin, unit) from combine in Gen.Elements(Combine.Max, Combine.Sum, Combine.Independent) select new ServiceNode.Own(facts, combine);
        if (depth == 0)
            return own.Select(o => (ServiceNode)o);
        var parts = from count in Gen.Choose(1, 4) from nodes in Gen.ArrayOf(Node(origin, unit, depth - 1), count) select nodes;
        return Gen.OneOf(
            own.Select(o => (ServiceNode)o),
            parts.Select(p => (ServiceNode)new ServiceNode.All([.. p])),
            parts.Select(p => (ServiceNode)new ServiceNode.Any([.. p])),
            from p in parts from k in Gen.Choose(1, 4) select (ServiceNode)new ServiceNode.KOf(Math.Min(k, p.Length), [.. p]),
            parts.Select(p => (ServiceNode)new ServiceNode.Weighted([.. p.Select((n, i) => new WeightedPart(Weight(i, p.Length), n))])),
            from itself in own from p in parts select (ServiceNode)new ServiceNode.Composite(itself, new ServiceNode.All([.. p])));
    }

    // Thirds do not come out even, so that there is something to round.
    private static LostShare Weight(int i, int count) => new((LostShare.Scale / count) + (i == 0 ? LostShare.Scale % count : 0));

    private static Gen<ServiceFacts> Facts(long origin, long unit)
    {
        Gen<(Instant From, Instant Until)> span =
            from begin in Gen.Choose(-3, Length) from length in Gen.Choose(-1, 12) select (Tick.ToInstant(origin + (begin * unit)), Tick.ToInstant(origin + ((begin + length) * unit)));
        var outage = from s in span
                     from lost in Gen.Elements(Losses)
                     from open in Gen.Choose(0, 9)
                     from id in Gen.Choose(1, 9)
                     select new OutageSpan(s.From, open == 0 ? null : s.Until, new LostShare(lost), $"o{id}", $"P{id % 3}");
        var exclusion = from s in span from treatment in Gen.Elements(ExclusionTreatment.LeftOut, ExclusionTreatment.Up) select new ExclusionSpan(s.From, s.Until, treatment, "x");
        var unobserved = from s in span from open in Gen.Choose(0, 9) select new UnobservedSpan(s.From, open == 0 ? null : s.Until);
        return from o in Several(outage, 6) from e in Several(exclusion, 2) from u in Several(unobserved, 2) select new ServiceFacts(o, e, u);
    }

    private static Gen<T[]> Several<T>(Gen<T> one, int most) => Gen.Choose(0, most).SelectMany(n => Gen.ArrayOf(one, n));
}

/// <summary>A history in units from an origin, asked at a tick.</summary>
internal sealed record History(long Origin, long Unit, long At, TermsSpan[] Terms)
{
    public Instant InstantOf(int units) => Tick.ToInstant(Origin + (units * Unit));

    public Naive Naive => new(Terms, Unit, At);

    public override string ToString() => $"unit {Unit}, at {(At - Origin) / Unit}: {string.Join("\n", Terms.Select(t => t.ToString()))}";
}
