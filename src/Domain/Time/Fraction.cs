using System.Globalization;

namespace SlaMonitor.Domain.Time;

/// <summary>
/// An exact number: whole for days and ticks, broken for working days counted as elapsed. Always reduced, with a positive
/// denominator. Sums stay exact as long as the day lengths in them have a common multiple below 2^127 ticks, which takes
/// more than nine mutually prime ones to exceed; then <see cref="OverflowException"/>.
/// </summary>
public readonly record struct Fraction : IComparable<Fraction>
{
    private readonly Int128 _denominatorLessOne;

    /// <summary>Reduces numerator / denominator.</summary>
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    public Fraction(Int128 numerator, Int128 denominator)
    {
        if (denominator == Int128.Zero)
            throw new DivideByZeroException();
        var divisor = GreatestCommonDivisor(Int128.Abs(numerator), Int128.Abs(denominator));
        if (denominator < Int128.Zero)
            divisor = -divisor;
        Numerator = numerator / divisor;
        _denominatorLessOne = (denominator / divisor) - Int128.One;
    }

    private Fraction(Int128 whole) => Numerator = whole;

    /// <summary>Above the line.</summary>
    public Int128 Numerator { get; }

    /// <summary>Below the line, at least 1.</summary>
    public Int128 Denominator => _denominatorLessOne + Int128.One;

    /// <summary>True when there is nothing after the point.</summary>
    public bool IsWhole => _denominatorLessOne == Int128.Zero;

    /// <summary>The largest whole number not above this one.</summary>
    public long Floor => (long)(Numerator >= Int128.Zero || IsWhole ? Numerator / Denominator : ((Numerator + Int128.One) / Denominator) - Int128.One);

    /// <summary>A whole number.</summary>
    public static implicit operator Fraction(long whole) => new((Int128)whole);

    /// <summary>The exact sum.</summary>
    public static Fraction operator +(Fraction a, Fraction b) => a.IsWhole && b.IsWhole
        ? new(checked(a.Numerator + b.Numerator))
        : a.Denominator == b.Denominator
            ? new(checked(a.Numerator + b.Numerator), a.Denominator)
            : checked(new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator));

    /// <summary>The exact difference.</summary>
    public static Fraction operator -(Fraction a, Fraction b) => a + -b;

    /// <summary>The same with the other sign.</summary>
    public static Fraction operator -(Fraction a) => a.IsWhole ? new(-a.Numerator) : new(-a.Numerator, a.Denominator);

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

    /// <summary>The smallest whole number not below this one.</summary>
    public long Ceiling => -(-this).Floor;

    /// <summary>The value to nine places, which is exact for what people write down.</summary>
    public decimal ToDecimal() => IsWhole ? (decimal)Numerator : decimal.Round(Floor + ((decimal)(Numerator - ((Int128)Floor * Denominator)) / (decimal)Denominator), 9);

    /// <inheritdoc/>
    public int CompareTo(Fraction other) => _denominatorLessOne == other._denominatorLessOne
        ? Numerator.CompareTo(other.Numerator)
        : checked(Numerator * other.Denominator).CompareTo(checked(other.Numerator * Denominator));

    /// <summary>As a decimal number.</summary>
    public override string ToString() => ToDecimal().ToString("0.#########", CultureInfo.InvariantCulture);

    private static Int128 GreatestCommonDivisor(Int128 a, Int128 b)
    {
        while (b != Int128.Zero)
            (a, b) = (b, a % b);
        return a;
    }
}
