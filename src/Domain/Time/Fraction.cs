using System.Globalization;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// An exact number: whole for days and ticks, broken for working days counted as elapsed. Always reduced, with a positive
/// denominator. Sums stay exact as long as the day lengths in them have a common multiple below 2^127 ticks, which takes
/// more than nine mutually prime ones to exceed; then <see cref="OverflowException"/>.
/// </summary>
public readonly record struct Fraction : IComparable<Fraction>
{
    // A whole part and a share below one: nearly all values are whole, and then everything is a matter of one machine word.
    private readonly Int128 _share;
    private readonly Int128 _denominatorLessOne;

    /// <summary>Reduces numerator / denominator.</summary>
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    /// <exception cref="OverflowException">The whole part does not fit 64 bits.</exception>
    public Fraction(Int128 numerator, Int128 denominator)
    {
        if (denominator == Int128.Zero)
            throw new DivideByZeroException();
        var divisor = GreatestCommonDivisor(Int128.Abs(numerator), Int128.Abs(denominator));
        if (denominator < Int128.Zero)
            divisor = -divisor;
        (numerator, denominator) = (numerator / divisor, denominator / divisor);
        var (whole, share) = Int128.DivRem(numerator, denominator);
        if (share < Int128.Zero)
            (whole, share) = (whole - Int128.One, share + denominator);
        Floor = checked((long)whole);
        _share = share;
        _denominatorLessOne = denominator - Int128.One;
    }

    private Fraction(long whole) => Floor = whole;

    /// <summary>The largest whole number not above this one.</summary>
    public long Floor { get; }

    /// <summary>The smallest whole number not below this one.</summary>
    public long Ceiling => IsWhole ? Floor : checked(Floor + 1);

    /// <summary>Above the line.</summary>
    public Int128 Numerator => checked((Floor * Denominator) + _share);

    /// <summary>Below the line, at least 1.</summary>
    public Int128 Denominator => _denominatorLessOne + Int128.One;

    /// <summary>True when there is nothing after the point.</summary>
    public bool IsWhole => _denominatorLessOne == Int128.Zero;

    /// <summary>A whole number.</summary>
    public static implicit operator Fraction(long whole) => new(whole);

    /// <summary>The exact sum.</summary>
    public static Fraction operator +(Fraction a, Fraction b) => a.IsWhole && b.IsWhole
        ? new(checked(a.Floor + b.Floor))
        : a.Denominator == b.Denominator
            ? new(checked(a.Numerator + b.Numerator), a.Denominator)
            : checked(new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator));

    /// <summary>The exact difference.</summary>
    public static Fraction operator -(Fraction a, Fraction b) => a.IsWhole && b.IsWhole ? new(checked(a.Floor - b.Floor)) : a + -b;

    /// <summary>The same with the other sign.</summary>
    public static Fraction operator -(Fraction a) => a.IsWhole ? new(checked(-a.Floor)) : new(-a.Numerator, a.Denominator);

    /// <summary>The exact product.</summary>
    public static Fraction operator *(Fraction a, Fraction b) => checked(new(a.Numerator * b.Numerator, a.Denominator * b.Denominator));

    /// <summary>Less.</summary>
    public static bool operator <(Fraction a, Fraction b) => a.CompareTo(b) < 0;

    /// <summary>Greater.</summary>
    public static bool operator >(Fraction a, Fraction b) => a.CompareTo(b) > 0;

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
    public decimal ToDecimal() => IsWhole ? Floor : decimal.Round(Floor + ((decimal)_share / (decimal)Denominator), 9);

    /// <inheritdoc/>
    public int CompareTo(Fraction other) => Floor != other.Floor ? Floor.CompareTo(other.Floor)
        : IsWhole && other.IsWhole ? 0
        : checked(_share * other.Denominator).CompareTo(checked(other._share * Denominator));

    /// <summary>As a decimal number.</summary>
    public override string ToString() => ToDecimal().ToString("0.#########", CultureInfo.InvariantCulture);

    private static Int128 GreatestCommonDivisor(Int128 a, Int128 b)
    {
        while (b != Int128.Zero)
            (a, b) = (b, a % b);
        return a;
    }
}
