namespace SlaMonitor.Domain.Availability;

/// <summary>How the terms look at a stretch.</summary>
internal enum StretchHours
{
    /// <summary>There are no terms.</summary>
    NotValid,

    /// <summary>Outside service hours.</summary>
    Closed,

    /// <summary>Inside.</summary>
    Open,
}

/// <summary>A stretch of ticks, half-open, in which nothing changes.</summary>
internal readonly record struct Stretch(long From, long Until, StretchHours Hours, Loss Loss, AvailabilityTerms? Terms)
{
    public long Length => Until - From;

    public bool IsOpen => Hours == StretchHours.Open;

    /// <summary>Left out by an exclusion, net.</summary>
    public bool IsLeftOut => Loss.IsLeftOut;

    /// <summary>Unobserved, net.</summary>
    public bool IsUnobserved => Loss.NetSure != Loss.NetMost && !Loss.IsLeftOut;

    public bool IsGrossUnobserved => Loss.GrossSure != Loss.GrossMost;

    /// <summary>Agreed time, net.</summary>
    public bool IsAgreed => IsOpen && !IsLeftOut && (!IsUnobserved || Terms!.UnobservedAs != UnobservedAs.LeftOut);

    /// <summary>Agreed time with no exclusion.</summary>
    public bool IsGrossAgreed => IsOpen && (!IsGrossUnobserved || Terms!.UnobservedAs != UnobservedAs.LeftOut);

    /// <summary>What counts as lost of agreed time, in billionths.</summary>
    public int Lost => Terms?.UnobservedAs == UnobservedAs.Down ? Loss.NetMost : Loss.NetSure;

    /// <summary>What counts as lost with no exclusion.</summary>
    public int GrossLost => Terms?.UnobservedAs == UnobservedAs.Down ? Loss.GrossMost : Loss.GrossSure;

    /// <summary>True when a loss that is known interrupts the service, inside its hours or outside; of left out time the gross loss tells.</summary>
    public bool Interrupts
    {
        get
        {
            var lost = IsLeftOut ? Loss.GrossSure : Loss.NetSure;
            return Terms is not null && lost > 0 && lost >= Terms.InterruptionFrom.Billionths;
        }
    }
}

/// <summary>Is shown the next stretch of a sweep, and what facts are on in it where there are terms; false: it wants no more.</summary>
internal delegate bool StretchVisitor(in Stretch stretch, Turns? turns);
