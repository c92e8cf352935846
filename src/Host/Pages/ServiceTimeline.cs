using System.Xml.Linq;
using NodaTime;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Outages;
using static SlaMonitor.Host.Pages.Svg;

namespace SlaMonitor.Host.Pages;

/// <summary>One service on one line of time over its hours: what counted as lost, interruptions numbered as in the list, and below them the facts: outages of it and of its parts, exclusions, and when nobody watched.</summary>
internal sealed class ServiceTimeline
{
    private const double MarksAt = 36;
    private const double FirstLane = 54;
    private const double LaneHeight = 42;
    private const double BarHeight = 22;
    private const double LeastWidth = 2.5;
    private const int MostBands = 200;
    private static readonly Duration Short = Duration.FromDays(2);

    private readonly PageFrame _frame;
    private readonly ServiceModel _model;
    private readonly TimeAxis _axis;
    private readonly List<(string Name, List<XElement> Bars)> _lanes = [];

    private ServiceTimeline(PageFrame frame, ServiceModel model, TimeAxis axis) => (_frame, _model, _axis) = (frame, model, axis);

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
        var drawn = new ServiceTimeline(frame, model, new TimeAxis(frame, span.Version.Calendars[span.Service.Hours], from, until, MostBands));
        drawn.Counted();
        drawn.Facts();
        return drawn.Draw();
    }

    private XElement Draw() => TimeAxis.Draw(
        "timeline service", L.Of("服务时间线", "The service on a line of time"), Bottom,
        _axis.Ground(Bottom), _axis.Until - _axis.From <= Short ? _axis.Hours() : _axis.Days(), Marks(), _lanes.Select((l, i) => new XElement("g", Text("lane", 4, FirstLane + (i * LaneHeight) + 11, "start", l.Name), l.Bars)), _axis.Now(Bottom));

    /// <summary>Interruptions, numbered as in the list.</summary>
    private IEnumerable<XElement> Marks()
    {
        var interruptions = _model.Interruptions.TakeWhile(i => i.From < _axis.Until).ToList();
        return _axis.Marks([.. interruptions.Select(i => i.From)], MarksAt, Told)
            .Select(m => new XElement("a", new XAttribute("href", $"#interruption-{m.First + 1}"), m.Mark));

        string Told(int i) => $"{PageFrame.Exactly(interruptions[i].From, _frame.Zone)} – {(interruptions[i].Until is { } until ? PageFrame.Exactly(until, _frame.Zone) : L.Of("未恢复", "not restored"))}";
    }

    /// <summary>What each stretch counted for: losses as high as their share.</summary>
    private void Counted()
    {
        var bars = Lane(L.Of("计入停机（高度为损失份额）", "counted as downtime, as high as the share that was lost"));
        foreach (var segment in _model.Segments.Where(s => s.From < _axis.Until))
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

    private bool Touches(Instant from, Instant? until) => from < _axis.Until && from < _frame.Now && !(until <= _axis.From);

    private List<XElement> Lane(string name)
    {
        _lanes.Add((name, []));
        return _lanes[^1].Bars;
    }

    /// <summary>A bar of the lane begun last.</summary>
    private XElement Bar(string kind, Instant from, Instant until, double share, string told)
    {
        var (begin, end, height) = (_axis.At(from), _axis.At(until), Math.Max(2, BarHeight * share));
        var top = FirstLane + (_lanes.Count * LaneHeight) - 4 - height;
        var bar = Rect(kind, begin, Math.Max(end, begin + LeastWidth), top, height);
        bar.Add(Title($"{PageFrame.Exactly(from, _frame.Zone)} – {PageFrame.Exactly(until, _frame.Zone)}\n{told}"));
        return bar;
    }
}
