using System.Numerics;
using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Tests.Domain.Availability;

/// <summary>
/// Availability as its definition reads, moment by moment and with no thought of speed: for small histories whose every boundary is a multiple of a unit.
/// </summary>
internal sealed class Naive(IReadOnlyList<TermsSpan> terms, long unit, long at)
{
    public AvailabilityTotals Totals(long from, long until)
    {
        var totals = default(AvailabilityTotals);
        for (var tick = from; tick < Math.Min(until, at); tick += unit)
        {
            var now = At(tick);
            if (!now.Open)
                continue;
            totals += new AvailabilityTotals(
                now.Agreed ? unit : 0, now.Agreed ? (Int128)unit * now.Lost : 0, now.GrossAgreed ? unit : 0, now.GrossAgreed ? (Int128)unit * now.GrossLost : 0,
                unit, now.LeftOut ? unit : 0, now.Unobserved ? unit : 0);
        }

        return totals;
    }

    /// <summary>Begin, end (null: goes on) and restore ticks of the interruptions that begin in [from, until).</summary>
    public List<(long From, long? Until, long Restore)> Interruptions(long earliest, long from, long until)
    {
        List<(long From, long Until, long Restore)> found = [];
        var between = 0L;
        for (var tick = earliest; tick < at; tick += unit)
        {
            var now = At(tick);
            if (!now.Agreed)
                continue;
            if (!now.Interrupts)
                between += unit;
            else if (found.Count > 0 && between <= Tick.Of(now.Terms!.MergeGap))
                (found[^1], between) = ((found[^1].From, tick + unit, found[^1].Restore + between + unit), 0);
            else
                (_, between) = (Begin(tick), 0);
        }

        var goesOn = found.Count > 0 && Moments(found[^1].Until).All(t => !At(t).Agreed && At(t).Interrupts) && At(at).Interrupts;
        return [.. found.Select((f, i) => (f.From, goesOn && i == found.Count - 1 ? (long?)null : f.Until, f.Restore)).Where(f => f.From >= from && f.From < until)];

        bool Begin(long tick)
        {
            found.Add((tick, tick + unit, unit));
            return true;
        }
    }

    public Moment At(long tick)
    {
        var instant = Tick.ToInstant(tick);
        if (terms.FirstOrDefault(t => t.From <= instant && instant < t.Until) is not { } span)
            return default;
        var open = span.Terms.Hours?.IsOpen(instant) ?? true;
        int Net(bool leftOut, bool unobserved) => Read(span.Node, tick, leftOut, unobserved, gross: false);
        int Gross(bool unobserved) => Read(span.Node, tick, false, unobserved, gross: true);
        var (sure, most) = (Net(false, false), Net(true, true));
        var leftOut = sure != most && (Net(true, false) != sure || Net(false, true) != most);
        var unobserved = sure != most && !leftOut;
        var asDown = span.Terms.UnobservedAs == UnobservedAs.Down;
        var interrupting = leftOut ? Gross(false) : sure;
        return new Moment(
            span.Terms, open,
            open && !leftOut && !(unobserved && span.Terms.UnobservedAs == UnobservedAs.LeftOut), asDown ? most : sure,
            open && !(Gross(false) != Gross(true) && span.Terms.UnobservedAs == UnobservedAs.LeftOut), Gross(asDown),
            leftOut, unobserved, interrupting > 0 && interrupting >= span.Terms.InterruptionFrom.Billionths);
    }

    private IEnumerable<long> Moments(long from)
    {
        for (var tick = from; tick < at; tick += unit)
            yield return tick;
    }

    private int Read(ServiceNode node, long tick, bool leftOut, bool unobserved, bool gross)
    {
        int Of(ServiceNode part) => Read(part, tick, leftOut, unobserved, gross);
        switch (node)
        {
            case ServiceNode.All all:
                return all.Parts.Select(Of).DefaultIfEmpty(0).Max();
            case ServiceNode.Any any:
                return any.Parts.Select(Of).DefaultIfEmpty(0).Min();
            case ServiceNode.KOf some:
                return some.K > some.Parts.Count ? LostShare.Scale : some.Parts.Select(Of).Order().ElementAt(some.K - 1);
            case ServiceNode.Weighted weighted:
                var sum = weighted.Parts.Aggregate(BigInteger.Zero, (s, p) => s + ((BigInteger)p.Weight.Billionths * Of(p.Part)));
                return HalfUp(sum, LostShare.Scale);
            case ServiceNode.Own own:
                return Read(own, null, tick, leftOut, unobserved, gross);
            case ServiceNode.Composite composite:
                return Read(composite.Itself, composite.Parts, tick, leftOut, unobserved, gross);
            default:
                throw new InvalidOperationException();
        }
    }

    private int Read(ServiceNode.Own own, ServiceNode? parts, long tick, bool leftOut, bool unobserved, bool gross)
    {
        bool On(Instant from, Instant? until) => Tick.Of(from) <= tick && tick < (until is { } known ? Tick.Of(known) : long.MaxValue);
        bool Excluded(ExclusionTreatment treatment) => !gross && own.Facts.Exclusions.Any(e => e.Treatment == treatment && On(e.From, e.Until));
        if (Excluded(ExclusionTreatment.LeftOut))
            return leftOut ? LostShare.Scale : 0;
        int Raw(bool l, bool u)
        {
            var losses = own.Facts.Outages.Where(o => o.Lost.Billionths > 0 && On(o.From, o.Until)).Select(o => o.Lost.Billionths).ToList();
            var self = losses.Count > 0 ? Together(own.Combine, losses) : u && own.Facts.Unobserved.Any(s => On(s.From, s.Until)) ? LostShare.Scale : 0;
            return parts is null ? self : Math.Max(self, Read(parts, tick, l, u, gross));
        }

        return Raw(leftOut, unobserved) - (Excluded(ExclusionTreatment.Up) ? Raw(false, false) : 0);
    }

    private static int Together(Combine combine, List<int> losses) => combine switch
    {
        Combine.Max => losses.Max(),
        Combine.Sum => (int)Math.Min(losses.Sum(l => (long)l), LostShare.Scale),
        _ => Independent(losses),
    };

    private static int Independent(List<int> losses)
    {
        var whole = BigInteger.Pow(LostShare.Scale, losses.Count);
        var left = losses.Aggregate(BigInteger.One, (product, l) => product * (LostShare.Scale - l));
        return HalfUp((whole - left) * LostShare.Scale, whole);
    }

    private static int HalfUp(BigInteger above, BigInteger below) => (int)((above + (below / 2)) / below);

    public readonly record struct Moment(
        AvailabilityTerms? Terms, bool Open, bool Agreed, int Lost, bool GrossAgreed, int GrossLost, bool LeftOut, bool Unobserved, bool Interrupts);
}
