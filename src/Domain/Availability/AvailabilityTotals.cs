using System.Globalization;
using System.Numerics;

namespace SlaMonitor.Domain.Availability;

/// <summary>
/// What was agreed and lost in a period, in ticks and, for losses, in ticks × billionths: whole numbers, so that the totals of a period's pieces add up to the
/// period's exactly.
/// </summary>
/// <param name="Agreed">A: service hours without what is left out.</param>
/// <param name="Downtime">Lost of it, in ticks × billionths.</param>
/// <param name="GrossAgreed">A with no exclusion.</param>
/// <param name="GrossDowntime">Lost of that, in ticks × billionths.</param>
/// <param name="Hours">Service hours while the service was valid, nothing taken away.</param>
/// <param name="LeftOut">Of the hours, left out by exclusions.</param>
/// <param name="Unobserved">Of the hours, unobserved, whatever that counts as.</param>
public readonly record struct AvailabilityTotals(long Agreed, Int128 Downtime, long GrossAgreed, Int128 GrossDowntime, long Hours, long LeftOut, long Unobserved)
    : IAdditionOperators<AvailabilityTotals, AvailabilityTotals, AvailabilityTotals>
{
    /// <summary>(A − downtime) / A; null when nothing was agreed.</summary>
    public ExactRatio? Availability => Up(Agreed, Downtime);

    /// <summary>Availability with nothing excluded.</summary>
    public ExactRatio? GrossAvailability => Up(GrossAgreed, GrossDowntime);

    /// <summary>The share of time not left out that was observed; null when there is none.</summary>
    public ExactRatio? Coverage => Hours - LeftOut is var whole and > 0 ? new ExactRatio(whole - Unobserved, whole) : null;

    /// <summary>The totals of both.</summary>
    public static AvailabilityTotals operator +(AvailabilityTotals left, AvailabilityTotals right) => new(
        left.Agreed + right.Agreed, left.Downtime + right.Downtime, left.GrossAgreed + right.GrossAgreed, left.GrossDowntime + right.GrossDowntime,
        left.Hours + right.Hours, left.LeftOut + right.LeftOut, left.Unobserved + right.Unobserved);

    /// <inheritdoc cref="op_Addition"/>
    public static AvailabilityTotals Add(AvailabilityTotals left, AvailabilityTotals right) => left + right;

    private static ExactRatio? Up(long agreed, Int128 downtime) =>
        agreed > 0 ? new ExactRatio(((Int128)agreed * LostShare.Scale) - downtime, (Int128)agreed * LostShare.Scale) : null;
}

/// <summary>A ratio of whole numbers, not reduced; the denominator is positive. Compare by multiplying; divide only to print.</summary>
public readonly record struct ExactRatio(Int128 Numerator, Int128 Denominator)
{
    /// <summary>To some 28 places.</summary>
    public decimal ToDecimal() => (decimal)Numerator / (decimal)Denominator;

    /// <summary>The nearest number of 64 bits; the way over text rounds once, the cast does not.</summary>
    public double ToDouble() => double.Parse(ToDecimal().ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>True when it is at least a number of at most nine decimals.</summary>
    public bool IsAtLeast(LostShare share) => Numerator * LostShare.Scale >= Denominator * share.Billionths;
}
