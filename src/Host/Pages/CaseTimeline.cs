using System.Xml.Linq;
using NodaTime;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.Host.Queries;
using static SlaMonitor.Host.Pages.Svg;

namespace SlaMonitor.Host.Pages;

/// <summary>One case on one line of time: its events above, and below them each clock, over the hours in which the centre is open.</summary>
internal sealed class CaseTimeline
{
    private const double EventsAt = 40;
    private const double FirstLane = 60;
    private const double LaneHeight = 44;
    private const int MostBands = 150;

    private readonly ExplainedClocks _explained;
    private readonly PageFrame _frame;
    private readonly TimeAxis _axis;
    private readonly bool _isCut;

    private CaseTimeline(ExplainedClocks explained, PageFrame frame, TimeAxis axis, bool isCut) => (_explained, _frame, _axis, _isCut) = (explained, frame, axis, isCut);

    private double Bottom => FirstLane + (_explained.Clocks.Count * LaneHeight);

    /// <summary>The drawing as SVG; null when the case has no clock.</summary>
    /// <param name="explained">The case or the outages.</param>
    /// <param name="frame">The page.</param>
    /// <param name="name">What a clock's lane says.</param>
    public static XElement? Of(ExplainedClocks explained, PageFrame frame, Func<Clock, ClockReading, string> name)
    {
        if (explained.Clocks.Count == 0)
            return null;
        var dues = explained.Clocks.Select(c => c.Reading.Reckoning.DueAt).OfType<Instant>().ToList();
        var from = explained.Clocks.Select(c => c.Clock.Facts.Start).Append(explained.Facts[0].OccurredAt).Min();
        var last = explained.Clocks.Select(c => c.Clock.EndedAt ?? frame.Now).Concat(dues).Append(explained.Facts[^1].OccurredAt).Max();
        // What is long overdue would press everything before it into a sliver: unless something still runs, the line ends half its length after the last due.
        var runs = explained.Clocks.Any(c => c.Reading.State is ClockState.Running or ClockState.Paused);
        var cut = dues.Count == 0 || runs ? last : dues.Max() + ((dues.Max() - from) / 2) + Duration.FromHours(12);
        var until = Instant.Max(from + Duration.FromHours(1), Instant.Min(last, cut));
        return new CaseTimeline(explained, frame, new TimeAxis(frame, explained.Clocks[0].Clock.Facts.Calendar, from, until, MostBands), last > cut).Draw(name);
    }

    private XElement Draw(Func<Clock, ClockReading, string> name) => TimeAxis.Draw(
        "timeline", _frame.Language.Of("办件时间线", "The case on a line of time"), Bottom,
        _axis.Ground(Bottom), _axis.Days(), Events(), _explained.Clocks.Select((c, i) => Lane(c.Clock, c.Reading, c.Explanation, FirstLane + (i * LaneHeight), name)), Now());

    /// <summary>Numbered as in the list below.</summary>
    private IEnumerable<XElement> Events()
    {
        var facts = _explained.Facts;
        return _axis.Marks([.. facts.Select(f => f.OccurredAt)], EventsAt, i => $"{PageFrame.Exactly(facts[i].OccurredAt, _frame.Zone)}  {_frame.Language.Event(facts[i].Type)}").Select(m => m.Mark);
    }

    private XElement Lane(Clock clock, ClockReading reading, Explanation explanation, double y, Func<Clock, ClockReading, string> name)
    {
        var due = reading.Reckoning.DueAt;
        var lane = new XElement("g", Text("lane", Math.Min(_axis.At(clock.Facts.Start), TimeAxis.Width * 0.55), y + 11, "start", name(clock, reading)));
        foreach (var (kind, from, until) in Bars(explanation, due))
            lane.Add(Rect(kind, from, Math.Max(until, from + 1.5), y + 17, 15));
        if (due is { } at && at <= _axis.Until)
            lane.Add(Line("due", _axis.At(at), y + 13, y + 37));
        if (clock.EndedAt is { } end)
            lane.Add(Line("stop", _axis.At(end), y + 14, y + 35));
        return new XElement("a", new XAttribute("href", "#" + Uri.EscapeDataString(PageFrame.Anchor(clock.Definition.Id, clock.Key, clock.Ordinal))), lane);
    }

    /// <summary>Segments of one kind that touch are one bar.</summary>
    private IEnumerable<(string Kind, double From, double Until)> Bars(Explanation explanation, Instant? due)
    {
        (string Kind, Instant From, Instant Until)? bar = null;
        foreach (var segment in explanation.Segments.Where(s => s.From < _axis.Until))
        {
            var kind = segment.Reason == SegmentReason.Paused ? "paused" : due is { } d && segment.From >= d ? "late" : segment.Counted ? "counted" : "idle";
            if (bar is { } running && running.Kind == kind && running.Until == segment.From)
            {
                bar = running with { Until = segment.Until };
                continue;
            }

            if (bar is { } done)
                yield return (done.Kind, _axis.At(done.From), _axis.At(done.Until));
            bar = (kind, segment.From, segment.Until);
        }

        if (bar is { } last)
            yield return (last.Kind, _axis.At(last.From), _axis.At(last.Until));
    }

    private IEnumerable<XElement> Now() => _isCut ? [Text("now", TimeAxis.Width, Bottom + 16, "end", "»")] : _axis.Now(Bottom);
}
