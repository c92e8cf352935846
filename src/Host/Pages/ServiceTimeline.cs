using System.Globalization;
using System.Xml.Linq;
using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Outages;
using static SlaMonitor.Host.Pages.Svg;

namespace SlaMonitor.Host.Pages;

/// <summary>One service on one line of time over its hours: what counted as lost, interruptions numbered as in the list, and below them the facts: outages of it and of its parts, exclusions, and when nobody watched.</summary>
internal sealed class ServiceTimeline
{
    private const double Width = 1000;
    private const double MarksAt = 36;
    private const double FirstLane = 54;
    private const double LaneHeight = 42;
    private const double BarHeight = 22;
    private const double LeastWidth = 2.5;
    private const int MostBands = 200;
    private const double DaysApart = 76;
    private static readonly Duration Short = Duration.FromDays(2);

    private readonly PageFrame _frame;
    private readonly ServiceModel _model;
    private readonly TimeScale _scale;
    private readonly List<(string Name, List<XElement> Bars)> _lanes = [];

    private ServiceTimeline(PageFrame frame, ServiceModel model, TimeScale scale) => (_frame, _model, _scale) = (frame, model, scale);

    private PageLanguage L => _frame.Language;

    private double Bottom => FirstLane + (_lanes.Count * LaneHeight);

    /// <summary>The drawing as SVG; null where nothing was agreed in the span.</summary>
    public static XElement? Of(PageFrame frame, ServiceModel model)
    {
        if (model.Reading.Span is not { } span)
            return null;
        var (from, until) = (model.Span.From, model.Span.Until);
        // Of a long span most may be still to come.
        if (frame.Now > from && frame.Now < until && until - from > Short)
            until = Instant.Min(until, frame.Now + ((frame.Now - from) / 25) + Duration.FromMinutes(1));
        var drawn = new ServiceTimeline(frame, model, new TimeScale(span.Version.Calendars[span.Service.Hours], from, until, Width));
        drawn.Counted();
        drawn.Facts();
        return drawn.Draw();
    }

    private XElement Draw() => new(
        "svg",
        new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"-10 0 {Width + 20} {Bottom + 24}")),
        new XAttribute("class", "timeline service"), new XAttribute("role", "img"), new XAttribute("aria-label", L.Of("服务时间线", "The service on a line of time")),
        Ground(), Days(), Marks(), _lanes.Select((l, i) => new XElement("g", Text("lane", 4, FirstLane + (i * LaneHeight) + 11, "start", l.Name), l.Bars)), Now());

    private IEnumerable<XElement> Ground()
    {
        var bands = _scale.OpenBands(MostBands);
        return bands.Count == 0
            ? [Rect("open", 0, Width, 22, Bottom - 22)]
            : [Rect("closed", 0, Width, 22, Bottom - 22), .. bands.Select(b => Rect("open", b.From, b.Until, 22, Bottom - 22))];
    }

    private IEnumerable<XElement> Days()
    {
        if (_scale.Until - _scale.From <= Short)
            return Hours();
        var (year, days) = (0, new List<XElement>());
        foreach (var (at, day) in _scale.Days(DaysApart))
        {
            days.Add(Text("day", at, 14, at > Width - 40 ? "end" : "start", day.ToString(day.Year == year ? "MM-dd" : "uuuu-MM-dd", CultureInfo.InvariantCulture)));
            year = day.Year;
        }

        return days;
    }

    private IEnumerable<XElement> Hours()
    {
        var last = double.NegativeInfinity;
        for (var at = _scale.From; at <= _scale.Until; at += Duration.FromHours(1))
        {
            var local = at.InZone(_frame.Zone).LocalDateTime;
            if (_scale.At(at) is var x && x - last < DaysApart)
                continue;
            last = x;
            yield return Text("day", x, 14, x > Width - 40 ? "end" : "start", local.ToString("HH:mm", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Interruptions, numbered; those that would lie on each other share a mark.</summary>
    private IEnumerable<XElement> Marks()
    {
        var marks = new List<(int First, int Last, double At)>();
        foreach (var (index, interruption) in _model.Interruptions.Index().Where(i => i.Item.From < _scale.Until))
        {
            var mark = (First: index, Last: index, At: _scale.At(interruption.From));
            while (marks.Count > 0 && marks[^1] is var before && before.At + Half(before.First, before.Last) + 2 > mark.At - Half(mark.First, mark.Last))
            {
                mark = (before.First, mark.Last, (_scale.At(_model.Interruptions[before.First].From) + _scale.At(_model.Interruptions[mark.Last].From)) / 2);
                marks.RemoveAt(marks.Count - 1);
            }

            marks.Add(mark);
        }

        return marks.Select(m => Mark(m.First, m.Last, m.At));
    }

    private XElement Mark(int first, int last, double at)
    {
        var half = Half(first, last);
        var place = Math.Clamp(at, half - 9, Width + 9 - half);
        var told = string.Join('\n', _model.Interruptions.Skip(first).Take(Math.Min(last - first + 1, 20)).Select((n, i) => $"{first + i + 1}  {PageFrame.Exactly(n.From, _frame.Zone)} – {(n.Until is { } until ? PageFrame.Exactly(until, _frame.Zone) : L.Of("未恢复", "not restored"))}"));
        return new XElement("a", new XAttribute("href", $"#interruption-{first + 1}"), new XElement("g", new XAttribute("class", "event"), Title(told),
            new XElement("rect", Attribute("x", place - half), Attribute("y", MarksAt - 9), Attribute("width", 2 * half), Attribute("height", 18), Attribute("rx", 9)),
            Text("", place, MarksAt + 4, "middle", Label(first, last))));
    }

    private static string Label(int first, int last) => first == last ? $"{first + 1}" : $"{first + 1}–{last + 1}";

    private static double Half(int first, int last) => Math.Max(9, (Label(first, last).Length * 4) + 4);

    /// <summary>What each stretch counted for: losses as high as their share.</summary>
    private void Counted()
    {
        var bars = Lane(L.Of("计入停机（高度为损失份额）", "counted as downtime, as high as the share that was lost"));
        foreach (var segment in _model.Segments.Where(s => s.From < _scale.Until))
        {
            var (kind, share) = segment.Reason switch
            {
                AvailabilityReason.Down or AvailabilityReason.UnobservedDown => ("late", (double)segment.Lost.ToDecimal()),
                AvailabilityReason.LeftOut or AvailabilityReason.UpByExclusion => ("left-out-bar", 1),
                AvailabilityReason.UnobservedLeftOut or AvailabilityReason.UnobservedUp => ("unseen-bar", 1),
                AvailabilityReason.Up => ("up", 0.1),
                _ => ("", 0.0),
            };
            if (kind.Length > 0)
                bars.Add(Bar(kind, segment.From, segment.Until, share, $"{L.Of(segment.Reason)}{(segment.Lost > LostShare.None ? $" {PageLanguage.Percent(segment.Lost.ToDecimal())}" : "")}{(segment.Outages.Count > 0 ? ": " + string.Join(", ", segment.Outages) : "")}"));
        }
    }

    private void Facts()
    {
        foreach (var (service, known) in _model.Reading.Known.OrderBy(k => k.Key == _model.Service ? 0 : 1).ThenBy(k => k.Key, StringComparer.Ordinal))
        {
            var outages = known.Outages.Where(o => Touches(o.From, o.Until)).ToList();
            if (outages.Count == 0)
                continue;
            var bars = Lane(service == _model.Service ? L.Of("报告的中断", "outages reported") : L.Of($"报告的中断 · {_frame.ServiceName(service)}", $"outages reported · {_frame.ServiceName(service)}"));
            bars.AddRange(outages.Select(o => Bar("outage", o.From, o.Until ?? _frame.Now, (double)o.Lost.ToDecimal(), $"{o.Outage}{(o.Priority is { } p ? $" {p}" : "")} {PageLanguage.Percent(o.Lost.ToDecimal())}")));
        }

        var exclusions = _model.Evidence.Exclusions.Where(x => Touches(x.From, x.Until)).ToList();
        if (exclusions.Count > 0)
            Lane(L.Of("排除（虚线：未获批准）", "exclusions (dashed: not approved)")).AddRange(exclusions.Select(x => Bar(x.State == "approved" ? "left-out-bar" : "unseen-bar", x.From, x.Until, 1, $"{L.Of(x.Kind)}, {L.Exclusion(x.State)}")));
        if (_model.Reading.Span is { Service: { Observed: Domain.Catalogues.Observed.ByMonitor, Of: null } })
        {
            var unseen = ServiceLife.Unobserved(_model.Reading.Known.GetValueOrDefault(_model.Service, KnownFacts.None).Watched).Where(u => Touches(u.From, u.Until)).ToList();
            if (unseen.Count > 0)
                Lane(L.Of("无人监测", "nobody watched")).AddRange(unseen.Select(u => Bar("unseen-bar", u.From, u.Until ?? _frame.Now, 1, L.Of("无人监测", "nobody watched"))));
        }
    }

    private bool Touches(Instant from, Instant? until) => from < _scale.Until && from < _frame.Now && !(until <= _scale.From);

    private List<XElement> Lane(string name)
    {
        _lanes.Add((name, []));
        return _lanes[^1].Bars;
    }

    /// <summary>A bar of the lane begun last.</summary>
    private XElement Bar(string kind, Instant from, Instant until, double share, string told)
    {
        var (begin, end, height) = (_scale.At(from), _scale.At(until), Math.Max(2, BarHeight * share));
        var top = FirstLane + (_lanes.Count * LaneHeight) - 4 - height;
        var bar = Rect(kind, begin, Math.Max(end, begin + LeastWidth), top, height);
        bar.Add(Title($"{PageFrame.Exactly(from, _frame.Zone)} – {PageFrame.Exactly(until, _frame.Zone)}\n{told}"));
        return bar;
    }

    private IEnumerable<XElement> Now() => _frame.Now > _scale.Until || _frame.Now < _scale.From ? []
        : [Line("now", _scale.At(_frame.Now), 22, Bottom), Text("now", _scale.At(_frame.Now), Bottom + 16, _scale.At(_frame.Now) > Width - 40 ? "end" : "middle", L.Of("现在", "now"))];
}
