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
