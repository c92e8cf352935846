namespace SlaMonitor.Domain.Availability;

/// <summary>
/// How much of a service is lost, in billionths: 0 is nothing and 1,000,000,000 all of it. Whole numbers, so that downtime, ticks times billionths,
/// adds up exactly whatever it is cut into.
/// </summary>
/// <param name="Billionths">From 0 to 1,000,000,000.</param>
public readonly record struct LostShare(int Billionths) : IComparable<LostShare>
{
    /// <summary>Billionths of the whole.</summary>
    public const int Scale = 1_000_000_000;

    /// <summary>Nothing is lost.</summary>
    public static LostShare None { get; } = new(0);

    /// <summary>All is lost: the service is down.</summary>
    public static LostShare Whole { get; } = new(Scale);

    /// <summary>Less.</summary>
    public static bool operator <(LostShare a, LostShare b) => a.Billionths < b.Billionths;

    /// <summary>More.</summary>
    public static bool operator >(LostShare a, LostShare b) => a.Billionths > b.Billionths;

    /// <summary>Not more.</summary>
    public static bool operator <=(LostShare a, LostShare b) => a.Billionths <= b.Billionths;

    /// <summary>Not less.</summary>
    public static bool operator >=(LostShare a, LostShare b) => a.Billionths >= b.Billionths;

    /// <summary>A share given as a number from 0 to 1 with at most nine decimals; null: it is none.</summary>
    public static LostShare? FromDecimal(decimal share) =>
        share is >= 0 and <= 1 && share * Scale is var billionths && billionths == decimal.Truncate(billionths) ? new LostShare((int)billionths) : null;

    /// <summary>As a number from 0 to 1.</summary>
    public decimal ToDecimal() => (decimal)Billionths / Scale;

    /// <inheritdoc/>
    public int CompareTo(LostShare other) => Billionths.CompareTo(other.Billionths);
}
