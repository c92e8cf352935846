using System.Globalization;
using System.Runtime.CompilerServices;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// An exact number: whole for days and ticks, broken for working days counted as elapsed. Sums are exact as long
/// as the day lengths in them have a common multiple below 2^127 ticks: any number of lengths in quarters of an hour, some eight that
/// are prime to each other in minutes; beyond that <see cref="OverflowException"/>.
/// </summary>
public readonly record struct Fraction : IComparable<Fraction>
{
    private static readonly Int128 MaxDecimal = (Int128)decimal.MaxValue;

    // The share is an object of its own, so that a whole number, which nearly all are, is two machine words: as wide fields it
    // made every deadline more than twice as slow, waiting for copies.
    private readonly Share? _share;

    /// <summary>Numerator / denominator, which need not be reduced.</summary>
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    /// <exception cref="OverflowException">The whole part does not fit 64 bits.</exception>
    public Fraction(Int128 numerator, Int128 denominator)
    {
        if (denominator == Int128.Zero)
            throw new DivideByZeroException();
        if (denominator < Int128.Zero)
            (numerator, denominator) = (-numerator, -denominator);
        var whole = Divide(numerator, denominator);
        var share = numerator - (whole * denominator);
        if (share < Int128.Zero)
            (whole, share) = (whole - Int128.One, share + denominator);
        Floor = checked((long)whole);
        _share = share == Int128.Zero ? null : new Share(share, denominator);
    }

    private Fraction(long whole, Share? share = null) => (Floor, _share) = (whole, share);

    /// <summary>The largest whole number not above this one.</summary>
    public long Floor { get; }

    /// <summary>The smallest whole number not below this one.</summary>
    public long Ceiling => IsWhole ? Floor : checked(Floor + 1);

    /// <summary>Above the line.</summary>
    public Int128 Numerator => checked((Floor * Denominator) + (_share?.Numerator ?? Int128.Zero));

    /// <summary>Below the line, at least 1.</summary>
    public Int128 Denominator => _share?.Denominator ?? Int128.One;

    /// <summary>True when there is nothing after the point.</summary>
    public bool IsWhole => _share is null;

    /// <summary>A whole number.</summary>
    public static implicit operator Fraction(long whole) => new(whole);

    /// <summary>The exact sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Fraction operator +(Fraction a, Fraction b) => a.IsWhole && b.IsWhole ? new(checked(a.Floor + b.Floor)) : Sum(a, b);

    /// <summary>The exact difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Fraction operator -(Fraction a, Fraction b) => a.IsWhole && b.IsWhole ? new(checked(a.Floor - b.Floor)) : Sum(a, -b);

    /// <summary>The same with the other sign.</summary>
    public static Fraction operator -(Fraction a) =>
        a._share is not { } share ? new(checked(-a.Floor)) : new(checked(-a.Floor - 1), new Share(share.Denominator - share.Numerator, share.Denominator));

    /// <summary>The exact product.</summary>
    public static Fraction operator *(Fraction a, Fraction b) => checked(Reduced(a.Numerator * b.Numerator, a.Denominator * b.Denominator));

    /// <summary>Less.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <(Fraction a, Fraction b) => a.Floor != b.Floor ? a.Floor < b.Floor : CompareShares(a, b) < 0;

    /// <summary>Greater.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >(Fraction a, Fraction b) => a.Floor != b.Floor ? a.Floor > b.Floor : CompareShares(a, b) > 0;

    /// <summary>Not greater.</summary>
    public static bool operator <=(Fraction a, Fraction b) => a.CompareTo(b) <= 0;

    /// <summary>Not less.</summary>
    public static bool operator >=(Fraction a, Fraction b) => a.CompareTo(b) >= 0;

    /// <inheritdoc cref="op_Addition"/>
    public static Fraction Add(Fraction left, Fraction right) => left + right;

    /// <inheritdoc cref="op_Subtraction"/>
    public static Fraction Subtract(Fraction left, Fraction right) => left - right;

    /// <inheritdoc cref="op_UnaryNegation"/>
    public static Fraction Negate(Fraction item) => -item;

    /// <inheritdoc cref="op_Multiply"/>
    public static Fraction Multiply(Fraction left, Fraction right) => left * right;

    /// <summary>Numerator / denominator of 64 bits, the denominator positive.</summary>
    internal static Fraction Of(long numerator, long denominator)
    {
        var (whole, share) = Math.DivRem(numerator, denominator);
        if (share < 0)
            (whole, share) = (whole - 1, share + denominator);
        return new Fraction(whole, share == 0 ? null : new Share(share, denominator));
    }

    /// <summary>A whole number.</summary>
    public static Fraction FromInt64(long whole) => whole;

    /// <summary>The exact value of a decimal.</summary>
    public static Fraction FromDecimal(decimal value)
    {
        var scale = (value.Scale, Power: Int128.One);
        for (var i = 0; i < scale.Scale; i++)
            scale.Power *= 10;
        return new Fraction((Int128)(value * (decimal)scale.Power), scale.Power);
    }

    /// <summary>The value to nine places, which is exact for what people write down.</summary>
    public decimal ToDecimal()
    {
        if (_share is not { } share)
            return Floor;
        var (numerator, denominator) = (share.Numerator, share.Denominator);
        // A decimal ends at 2^96; what is shifted out lies far behind the ninth place.
        while (denominator > MaxDecimal)
            (numerator, denominator) = (numerator >> 1, denominator >> 1);
        return decimal.Round(Floor + ((decimal)numerator / (decimal)denominator), 9);
    }

    /// <summary>What is after the point, of a whole amount: rounded up.</summary>
    public long ShareOf(long amount)
    {
        if (_share is not { } share)
            return 0;
        return share.Denominator == amount ? (long)share.Numerator : (long)((checked(share.Numerator * amount) + share.Denominator - Int128.One) / share.Denominator);
    }

    /// <summary>Equal values, however they are written.</summary>
    public bool Equals(Fraction other) => Floor == other.Floor && CompareShares(this, other) == 0;

    /// <inheritdoc/>
    public override int GetHashCode() => Floor.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(Fraction other) => Floor != other.Floor ? Floor.CompareTo(other.Floor) : CompareShares(this, other);

    /// <summary>As a decimal number.</summary>
    public override string ToString() => ToDecimal().ToString("0.#########", CultureInfo.InvariantCulture);

    // Floors and shares apart, and by the least common multiple: what is multiplied stays as small as it can.
    private static Fraction Sum(Fraction a, Fraction b)
    {
        var (da, db) = (a.Denominator, b.Denominator);
        var (na, nb) = (a._share?.Numerator ?? Int128.Zero, b._share?.Numerator ?? Int128.Zero);
        if (da != db)
        {
            var shares = SumOfShares(na, da, nb, db);
            return new Fraction(checked(a.Floor + b.Floor + shares.Floor), shares._share);
        }

        // Both shares are below one, so at most one is carried.
        var (sum, carried) = na + nb >= da ? (na + nb - da, 1) : (na + nb, 0);
        return new Fraction(checked(a.Floor + b.Floor + carried), sum == Int128.Zero ? null : new Share(sum, da));
    }

    private static Fraction SumOfShares(Int128 na, Int128 da, Int128 nb, Int128 db)
    {
        var common = GreatestCommonDivisor(da, db);
        var (fa, fb) = (Divide(db, common), Divide(da, common));
        return checked(Reduced((na * fa) + (nb * fb), da * fa));
    }

    // Only where denominators multiply; of equal ones, as days of equal length have, sums stay small by themselves.
    private static Fraction Reduced(Int128 numerator, Int128 denominator)
    {
        var divisor = GreatestCommonDivisor(Int128.Abs(numerator), denominator);
        return new(Divide(numerator, divisor), Divide(denominator, divisor));
    }

    private static Int128 Divide(Int128 a, Int128 b) => a == (long)a && b == (long)b ? (long)a / (long)b : a / b;

    private static int CompareShares(Fraction a, Fraction b) => a._share is null || b._share is null
        ? (a._share is null ? 0 : 1) - (b._share is null ? 0 : 1)
        : checked(a._share.Numerator * b._share.Denominator).CompareTo(checked(b._share.Numerator * a._share.Denominator));

    private static Int128 GreatestCommonDivisor(Int128 a, Int128 b)
    {
        // 128-bit division is many times slower than the processor's own, and hardly ever needed.
        while (b > long.MaxValue || a > long.MaxValue)
        {
            if (b == Int128.Zero)
                return a;
            (a, b) = (b, a % b);
        }

        var (small, smaller) = ((long)a, (long)b);
        while (smaller != 0)
            (small, smaller) = (smaller, small % smaller);
        return small;
    }

    /// <summary>Above zero and below one, reduced.</summary>
    private sealed record Share(Int128 Numerator, Int128 Denominator);
}
