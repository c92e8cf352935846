using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace SlaMonitor.Projections;

/// <summary>A column of a read model: how a row's value of it is written and read, so that each column is named once.</summary>
/// <param name="Name">As in the table.</param>
internal abstract record Column<TRow>(string Name)
{
    /// <summary>Writes the value of a row into a binary COPY.</summary>
    public abstract Task CopyAsync(NpgsqlBinaryImporter copy, TRow row, CancellationToken ct);

    /// <summary>The value of a row.</summary>
    public abstract object? ValueOf(TRow row);

    /// <summary>The values of many rows as one array.</summary>
    public abstract NpgsqlParameter Parameter(IReadOnlyList<TRow> rows);
}

/// <summary>A column of one type.</summary>
internal sealed record Column<TRow, T>(string Name, NpgsqlDbType Type, Func<TRow, T?> Of) : Column<TRow>(Name)
{
    public override Task CopyAsync(NpgsqlBinaryImporter copy, TRow row, CancellationToken ct) =>
        Of(row) is { } value ? copy.WriteAsync(value, Type, ct) : copy.WriteNullAsync(ct);

    public override object? ValueOf(TRow row) => Of(row);

    public override NpgsqlParameter Parameter(IReadOnlyList<TRow> rows)
    {
        var values = new T?[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = Of(rows[i]);
        return new NpgsqlParameter<T?[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | Type };
    }
}

/// <summary>Columns of the types that tables have, and how a value of them is read.</summary>
internal static class Columns
{
    public static Column<TRow, string> Text<TRow>(string name, Func<TRow, string?> of) => new(name, NpgsqlDbType.Varchar, of);

    public static Column<TRow, DateTime?> At<TRow>(string name, Func<TRow, DateTime?> of) => new(name, NpgsqlDbType.TimestampTz, of);

    public static Column<TRow, DateOnly?> On<TRow>(string name, Func<TRow, DateOnly?> of) => new(name, NpgsqlDbType.Date, of);

    public static Column<TRow, decimal?> Number<TRow>(string name, Func<TRow, decimal?> of) => new(name, NpgsqlDbType.Numeric, of);

    public static Column<TRow, int> Whole<TRow>(string name, Func<TRow, int> of) => new(name, NpgsqlDbType.Integer, of);

    public static Column<TRow, long> Long<TRow>(string name, Func<TRow, long> of) => new(name, NpgsqlDbType.Bigint, of);

    public static Column<TRow, bool> Flag<TRow>(string name, Func<TRow, bool> of) => new(name, NpgsqlDbType.Boolean, of);

    public static Column<TRow, bool?> MaybeFlag<TRow>(string name, Func<TRow, bool?> of) => new(name, NpgsqlDbType.Boolean, of);

    public static Column<TRow, short?> Small<TRow>(string name, Func<TRow, short?> of) => new(name, NpgsqlDbType.Smallint, of);

    /// <summary>A time as a column holds it.</summary>
    public static DateTime? Utc(Instant? at) => at?.ToDateTimeUtc();

    /// <summary>The day of a time in a zone, as a column holds it; null: one of them is not known.</summary>
    public static DateOnly? DateIn(DateTimeZone? zone, Instant? at) => zone is null ? null : at?.InZone(zone).Date.ToDateOnly();

    public static string? Text(this NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetString(i);

    public static DateTime? At(this NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetDateTime(i);

    public static DateOnly? On(this NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetFieldValue<DateOnly>(i);

    public static decimal? Number(this NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetDecimal(i);

    public static bool? MaybeFlag(this NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetBoolean(i);

    public static short? Small(this NpgsqlDataReader row, int i) => row.IsDBNull(i) ? null : row.GetInt16(i);
}
