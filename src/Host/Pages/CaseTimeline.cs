using System.Globalization;
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
    private const double Width = 1000;
    private const double EventsAt = 40;
    private const double FirstLane = 60;
    private const double LaneHeight = 44;
    private const double Apart = 2;
    private const int MostTold = 20;
    private const int MostBands = 150;
    private const double DaysApart = 76;

    private readonly ExplainedClocks _explained;
    private readonly PageFrame _frame;
    private readonly TimeScale _scale;
    private readonly bool _isCut;

    private CaseTimeline(ExplainedClocks explained, PageFrame frame, TimeScale scale, bool isCut) => (_explained, _frame, _scale, _isCut) = (explained, frame, scale, isCut);

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
        return new CaseTimeline(explained, frame, new TimeScale(explained.Clocks[0].Clock.Facts.Calendar, from, until, Width), last > cut).Draw(name);
    }

    private XElement Draw(Func<Clock, ClockReading, string> name) => new(
        "svg",
        new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"-10 0 {Width + 20} {Bottom + 24}")),
        new XAttribute("class", "timeline"), new XAttribute("role", "img"), new XAttribute("aria-label", _frame.Language.Of("办件时间线", "The case on a line of time")),
        Ground(), Days(), Events(), _explained.Clocks.Select((c, i) => Lane(c.Clock, c.Reading, c.Explanation, FirstLane + (i * LaneHeight), name)), Now());

    private IEnumerable<XElement> Ground()
    {
        var bands = _scale.OpenBands(MostBands);
        return bands.Count == 0
            ? [Rect("open", 0, Width, 22, Bottom - 22)]
            : [Rect("closed", 0, Width, 22, Bottom - 22), .. bands.Select(b => Rect("open", b.From, b.Until, 22, Bottom - 22))];
    }

    /// <summary>The year is said once, and again where it changes.</summary>
    private IEnumerable<XElement> Days()
    {
        var year = 0;
        foreach (var (at, day) in _scale.Days(DaysApart))
        {
            var text = day.ToString(day.Year == year ? "MM-dd" : "uuuu-MM-dd", CultureInfo.InvariantCulture);
            year = day.Year;
            yield return Text("day", at, 14, at > Width - 40 ? "end" : "start", text);
        }
    }

    /// <summary>Numbered as in the list below; those that would lie on each other share a mark.</summary>
    private IEnumerable<XElement> Events()
    {
        var marks = new List<(int First, int Last, double At)>();
        foreach (var (index, fact) in _explained.Facts.Index())
        {
            var mark = (First: index, Last: index, At: _scale.At(fact.OccurredAt));
            while (marks.Count > 0 && marks[^1] is var before && before.At + Half(before.First, before.Last) + Apart > mark.At - Half(mark.First, mark.Last))
            {
                mark = (before.First, mark.Last, (_scale.At(_explained.Facts[before.First].OccurredAt) + _scale.At(_explained.Facts[mark.Last].OccurredAt)) / 2);
                marks.RemoveAt(marks.Count - 1);
            }

            marks.Add(mark);
        }

        return marks.Select(m => Mark(m.First, m.Last, m.At));
    }

    private XElement Mark(int first, int last, double at)
    {
        var (half, facts) = (Half(first, last), _explained.Facts.Skip(first).Take(last - first + 1));
        var told = string.Join('\n', facts.Take(MostTold).Select((f, i) => $"{Number(first + i + 1)}  {PageFrame.Exactly(f.OccurredAt, _frame.Zone)}  {_frame.Language.Event(f.Type)}"));
        var place = Math.Clamp(at, half - 9, Width + 9 - half);
        return new XElement("g", new XAttribute("class", "event"), Title(told),
            new XElement("rect", Attribute("x", place - half), Attribute("y", EventsAt - 9), Attribute("width", 2 * half), Attribute("height", 18), Attribute("rx", 9)),
            Text("", place, EventsAt + 4, "middle", Label(first, last)));
    }

    private static string Label(int first, int last) => first == last ? Number(first + 1) : $"{Number(first + 1)}–{Number(last + 1)}";

    private static double Half(int first, int last) => Math.Max(9, (Label(first, last).Length * 4) + 4);

    private XElement Lane(Clock clock, ClockReading reading, Explanation explanation, double y, Func<Clock, ClockReading, string> name)
    {
        var due = reading.Reckoning.DueAt;
        var lane = new XElement("g", Text("lane", Math.Min(_scale.At(clock.Facts.Start), Width * 0.55), y + 11, "start", name(clock, reading)));
        foreach (var (kind, from, until) in Bars(explanation, due))
            lane.Add(Rect(kind, from, Math.Max(until, from + 1.5), y + 17, 15));
        if (due is { } at && at <= _scale.Until)
            lane.Add(Line("due", _scale.At(at), y + 13, y + 37));
        if (clock.EndedAt is { } end)
            lane.Add(Line("stop", _scale.At(end), y + 14, y + 35));
        return new XElement("a", new XAttribute("href", "#" + Uri.EscapeDataString(PageFrame.Anchor(clock.Definition.Id, clock.Key, clock.Ordinal))), lane);
    }

    /// <summary>Segments of one kind that touch are one bar.</summary>
    private IEnumerable<(string Kind, double From, double Until)> Bars(Explanation explanation, Instant? due)
    {
        (string Kind, Instant From, Instant Until)? bar = null;
        foreach (var segment in explanation.Segments.Where(s => s.From < _scale.Until))
        {
            var kind = segment.Reason == SegmentReason.Paused ? "paused" : due is { } d && segment.From >= d ? "late" : segment.Counted ? "counted" : "idle";
            if (bar is { } running && running.Kind == kind && running.Until == segment.From)
            {
                bar = running with { Until = segment.Until };
                continue;
            }

            if (bar is { } done)
                yield return (done.Kind, _scale.At(done.From), _scale.At(done.Until));
            bar = (kind, segment.From, segment.Until);
        }

        if (bar is { } last)
            yield return (last.Kind, _scale.At(last.From), _scale.At(last.Until));
    }

    private IEnumerable<XElement> Now()
    {
        if (_isCut)
            return [Text("now", Width, Bottom + 16, "end", "»")];
        return _frame.Now > _scale.Until || _frame.Now < _scale.From ? []
            : [Line("now", _scale.At(_frame.Now), 22, Bottom), Text("now", _scale.At(_frame.Now), Bottom + 16, _scale.At(_frame.Now) > Width - 40 ? "end" : "middle", _frame.Language.Of("现在", "now"))];
    }

    private static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);
}
