using System.Globalization;
using NodaTime;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Host.Pages;

/// <summary>
/// Where a clock's segments, due and stop lie on a line of 1000 units. A clock long overdue would squeeze everything before
/// due into a sliver, so the line ends half the limit's span after due and is marked as cut.
/// </summary>
internal sealed class ClockDrawing
{
    private const double Width = 1000;
    private readonly long _from;
    private readonly long _until;

    public ClockDrawing(Clock clock, Explanation explanation, Instant now)
    {
        var due = explanation.Reckoning.DueAt;
        var end = clock.EndedAt ?? now;
        _from = Tick.Of(clock.Facts.Start);
        var last = Math.Max(Tick.Of(end), due is { } d ? Tick.Of(d) : 0);
        var cut = due is { } dueAt ? Tick.Of(dueAt) + ((Tick.Of(dueAt) - _from) / 2) : long.MaxValue;
        IsCut = last > cut;
        _until = Math.Max(_from + 1, IsCut ? cut : last);
        DueAt = due is null ? null : Place(due.Value);
        EndsAt = Place(end);
        Stopped = clock.EndedAt is not null;
        Bars = [.. explanation.Segments.Where(s => Tick.Of(s.From) < _until).Select(s => (Text(At(s.From)), Text(Math.Max(0.6, At(s.Until) - At(s.From))), Kind(s, due)))];
    }

    /// <summary>Place, width and kind of each segment.</summary>
    public IReadOnlyList<(string X, string Width, string Kind)> Bars { get; }

    public string? DueAt { get; }

    public string EndsAt { get; }

    public bool Stopped { get; }

    public bool IsCut { get; }

    private static string Kind(ExplainedSegment segment, Instant? due) =>
        segment.Reason == SegmentReason.Paused ? "paused" : due is { } d && segment.From >= d ? "late" : segment.Counted ? "counted" : "idle";

    private double At(Instant at) => Width * (Math.Clamp(Tick.Of(at), _from, _until) - _from) / (_until - _from);

    private string Place(Instant at) => Text(At(at));

    private static string Text(double x) => x.ToString("0.#", CultureInfo.InvariantCulture);
}
