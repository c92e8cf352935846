using System.Globalization;
using System.Text;
using NodaTime;
using Npgsql;

namespace SlaMonitor.Host.Queries;

/// <summary>The condition of a list's select, made of what was asked for; each value is a parameter of the command.</summary>
internal sealed class RowFilter
{
    private readonly NpgsqlCommand _select;
    private readonly StringBuilder _where = new();

    public RowFilter(NpgsqlCommand select, string centre)
    {
        _select = select;
        _where.Append(CultureInfo.InvariantCulture, $"tenant_id = {Add(centre)}");
    }

    /// <summary>And a condition of no values.</summary>
    public RowFilter And(string condition)
    {
        _where.Append(" AND ").Append(condition);
        return this;
    }

    /// <summary>And a column holds a value; null: any.</summary>
    public RowFilter Only(string column, object? value) => value is null ? this : And($"{column} = {Add(value)}");

    /// <summary>And a time lies in a span, its end not included; null: any.</summary>
    public RowFilter Within(string time, (Instant From, Instant Until)? span) =>
        span is not { } given ? this : And($"{time} >= {Add(given.From.ToDateTimeUtc())} AND {time} < {Add(given.Until.ToDateTimeUtc())}");

    /// <summary>And the row comes after another in a list that begins with the newest; null: with the first.</summary>
    public RowFilter Before(string time, (Instant At, string Stream)? last) => last is not { } place ? this : Before(time, place.At, "stream_id", place.Stream);

    /// <summary>The same where another column than the stream tells rows of one time apart.</summary>
    public RowFilter Before(string time, Instant at, string column, object value) => And($"({time}, {column}) < ({Add(at.ToDateTimeUtc())}, {Add(value)})");

    /// <summary>The condition.</summary>
    public override string ToString() => _where.ToString();

    private string Add(object value)
    {
        _select.Parameters.Add(new() { Value = value });
        return string.Create(CultureInfo.InvariantCulture, $"${_select.Parameters.Count}");
    }
}
