using SlaMonitor.Domain.Time;

namespace SlaMonitor.Domain.Availability;

/// <summary>Says of every stretch what it counted for, and joins neighbours that counted for the same.</summary>
internal sealed class SegmentFold(int most)
{
    private long _size;

    /// <summary>What was found so far.</summary>
    public List<AvailabilitySegment> Segments { get; } = [];

    /// <summary>True when there were more stretches and names than wanted.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Takes the next stretch; false when there are more stretches and names than wanted.</summary>
    public bool Visit(in Stretch stretch, Turns? turns)
    {
        var segment = Of(stretch, turns);
        _size += 1 + segment.Outages.Count + segment.Exclusions.Count;
        if (IsCut = _size > most)
            return false;
        if (Segments.Count > 0 && Segments[^1] is var last && last with { From = segment.From, Until = segment.Until } == segment)
            Segments[^1] = last with { Until = segment.Until };
        else
            Segments.Add(segment);
        return true;
    }

    private static AvailabilitySegment Of(in Stretch stretch, Turns? turns)
    {
        var reason = Reason(stretch);
        var lost = new LostShare(stretch.IsAgreed ? stretch.Lost : 0);
        var gross = new LostShare(stretch.IsGrossAgreed ? stretch.GrossLost : 0);
        var excluded = reason is AvailabilityReason.LeftOut or AvailabilityReason.UpByExclusion || (stretch.IsOpen && lost < gross);
        return new AvailabilitySegment(
            Tick.ToInstant(stretch.From), Tick.ToInstant(stretch.Until), reason, lost, gross,
            stretch.IsOpen && gross > LostShare.None ? turns!.On.Outages() : [],
            excluded ? turns!.On.Exclusions() : []);
    }

    private static AvailabilityReason Reason(in Stretch stretch) => stretch switch
    {
        { Hours: StretchHours.NotValid } => AvailabilityReason.NotValid,
        { Hours: StretchHours.Closed } => AvailabilityReason.OutsideHours,
        { IsLeftOut: true } => AvailabilityReason.LeftOut,
        { IsUnobserved: true } => stretch.Terms!.UnobservedAs switch
        {
            UnobservedAs.LeftOut => AvailabilityReason.UnobservedLeftOut,
            UnobservedAs.Up => AvailabilityReason.UnobservedUp,
            _ => AvailabilityReason.UnobservedDown,
        },
        { Lost: > 0 } => AvailabilityReason.Down,
        { Loss.GrossSure: > 0 } => AvailabilityReason.UpByExclusion,
        _ => AvailabilityReason.Up,
    };
}
