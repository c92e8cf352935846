using System.Globalization;
using System.Numerics;
using SlaMonitor.Domain.Availability;

namespace SlaMonitor.Domain.Catalogues;

/// <summary>
/// A share of a service that may be lost, exactly, whatever it is divided by and however deep composites are nested: a promise that is just kept
/// must not be refused for a rounding.
/// </summary>
internal readonly record struct ExactShare(BigInteger Above, BigInteger Below)
{
    private const int Decimals = 9;

    /// <summary>All.</summary>
    public static ExactShare Whole { get; } = new(BigInteger.One, BigInteger.One);

    /// <summary>Nothing.</summary>
    public static ExactShare None { get; } = new(BigInteger.Zero, BigInteger.One);

    public static ExactShare operator +(ExactShare a, ExactShare b) => new((a.Above * b.Below) + (b.Above * a.Below), a.Below * b.Below);

    public static ExactShare operator *(ExactShare a, LostShare weight) => new(a.Above * weight.Billionths, a.Below * LostShare.Scale);

    public static ExactShare operator /(ExactShare a, int parts) => new(a.Above, a.Below * parts);

    public static bool operator <(ExactShare a, ExactShare b) => a.Above * b.Below < b.Above * a.Below;

    public static bool operator >(ExactShare a, ExactShare b) => b < a;

    /// <summary>What a promised availability allows to be lost.</summary>
    public static ExactShare LostAt(decimal availability) => new(LostShare.Scale - LostShare.FromDecimal(availability)!.Value.Billionths, LostShare.Scale);

    /// <summary>The availability that is left, in per cent, rounded down.</summary>
    public string LeftInPercent()
    {
        var left = BigInteger.Max(Below - Above, BigInteger.Zero) * BigInteger.Pow(10, Decimals) / Below;
        return string.Create(CultureInfo.InvariantCulture, $"{(decimal)left / LostShare.Scale * 100:0.#######} %");
    }
}
