using Npgsql;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Projections;

/// <summary>
/// A table of a read model, whose rows are loaded, made, changed and taken away in bulk, in the caller's transaction. Its first
/// columns are the centre and the stream.
/// </summary>
/// <param name="name">Its name, without the generation's number.</param>
/// <param name="columns">In the order in which they are read; the key comes first.</param>
/// <param name="keyColumns">How many of them are the key.</param>
/// <param name="read">Makes a row of a select of all columns.</param>
internal sealed class ReadModelTable<TRow>(string name, Column<TRow>[] columns, int keyColumns, Func<NpgsqlDataReader, TRow> read)
{
    private const int StreamColumns = 2;

    private readonly string _all = Names(columns);

    /// <summary>The columns that are not the key.</summary>
    public IReadOnlyList<Column<TRow>> Values { get; } = columns[keyColumns..];

    /// <summary>The rows of some streams.</summary>
    public async Task<List<TRow>> LoadAsync(NpgsqlConnection connection, Generation generation, StreamKeys streams, CancellationToken ct)
    {
        // One range of the key for each stream, whatever the statistics say.
        await using var select = new NpgsqlCommand($"""
            SELECT r.* FROM unnest($1, $2) AS k (tenant_id, stream_id)
            CROSS JOIN LATERAL (SELECT {_all} FROM {generation.Table(name)} t WHERE t.tenant_id = k.tenant_id AND t.stream_id = k.stream_id OFFSET 0) r
            """, connection);
        streams.AddTo(select);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>The rows that fit a condition.</summary>
    public async Task<List<TRow>> SelectAsync(NpgsqlConnection connection, Generation generation, string condition, object[] values, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"SELECT {_all} FROM {generation.Table(name)} WHERE {condition}", connection);
        foreach (var value in values)
            select.Parameters.Add(new() { Value = value });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<TRow>();
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>Makes rows that are not there yet.</summary>
    public Task InsertAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<TRow> rows, CancellationToken ct) =>
        InsertAsync(connection, generation.Table(name), rows, ct);

    /// <summary>Makes rows in a table of the same columns.</summary>
    public async Task InsertAsync(NpgsqlConnection connection, string table, IReadOnlyList<TRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        await using var copy = await connection.BeginBinaryImportAsync($"COPY {table} ({_all}) FROM STDIN (FORMAT binary)", ct);
        copy.Timeout = Timeout.InfiniteTimeSpan;
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            foreach (var column in columns)
                await column.CopyAsync(copy, row, ct);
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>Gives rows that are there other values.</summary>
    public Task UpdateAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<TRow> rows, CancellationToken ct) =>
        UpdateAsync(connection, generation, rows, keyColumns, Values, ct);

    /// <summary>Gives all rows of some streams the same values in some columns.</summary>
    /// <param name="connection">In the caller's transaction.</param>
    /// <param name="generation">Whose table.</param>
    /// <param name="rows">One row of each stream.</param>
    /// <param name="same">The columns.</param>
    /// <param name="ct">Cancels.</param>
    public Task UpdateStreamsAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<TRow> rows, IReadOnlyList<Column<TRow>> same, CancellationToken ct) =>
        UpdateAsync(connection, generation, rows, StreamColumns, same, ct);

    /// <summary>Makes rows, or gives them other values where they are there.</summary>
    public Task UpsertAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<TRow> rows, CancellationToken ct) => RunAsync(
        connection,
        $"""
        INSERT INTO {generation.Table(name)} ({_all}) SELECT * FROM unnest({Numbered(columns)})
        ON CONFLICT ({Names(columns[..keyColumns])}) DO UPDATE SET {string.Join(", ", Values.Select(c => $"{c.Name} = excluded.{c.Name}"))}
        """,
        columns, rows, ct);

    /// <summary>Gives streams other rows in place of all they have.</summary>
    /// <param name="connection">In the caller's transaction.</param>
    /// <param name="generation">Whose table.</param>
    /// <param name="streams">For each stream the rows it has and those it should have.</param>
    /// <param name="ct">Cancels.</param>
    public async Task ReplaceAsync(NpgsqlConnection connection, Generation generation, IEnumerable<(IReadOnlyList<TRow> Stored, IReadOnlyList<TRow> Wanted)> streams, CancellationToken ct)
    {
        var (gone, made) = (new List<TRow>(), new List<TRow>());
        foreach (var (stored, wanted) in streams)
        {
            if (stored.Count + wanted.Count == 0)
                continue;
            gone.AddRange(stored.Except(wanted));
            made.AddRange(wanted.Except(stored));
        }

        await DeleteAsync(connection, generation, gone, ct);
        await InsertAsync(connection, generation, made, ct);
    }

    /// <summary>Gives streams that have one row at most another in place of it; null: none.</summary>
    /// <param name="connection">In the caller's transaction.</param>
    /// <param name="generation">Whose table.</param>
    /// <param name="streams">For each stream the row it has and the one it should have.</param>
    /// <param name="ct">Cancels.</param>
    public async Task ReplaceAsync(NpgsqlConnection connection, Generation generation, IEnumerable<(TRow? Stored, TRow? Wanted)> streams, CancellationToken ct)
    {
        // Taken away and made: it stands elsewhere in the indexes.
        var changed = streams.Where(s => !EqualityComparer<TRow?>.Default.Equals(s.Stored, s.Wanted)).ToList();
        await DeleteAsync(connection, generation, [.. changed.Select(s => s.Stored).OfType<TRow>()], ct);
        await InsertAsync(connection, generation, [.. changed.Select(s => s.Wanted).OfType<TRow>()], ct);
    }

    /// <summary>Takes rows away.</summary>
    public Task DeleteAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<TRow> rows, CancellationToken ct)
    {
        var key = columns[..keyColumns];
        return RunAsync(connection, $"DELETE FROM {generation.Table(name)} t USING unnest({Numbered(key)}) AS r ({Names(key)}) WHERE {Same(key)}", key, rows, ct);
    }

    private Task UpdateAsync(NpgsqlConnection connection, Generation generation, IReadOnlyList<TRow> rows, int by, IReadOnlyList<Column<TRow>> set, CancellationToken ct)
    {
        Column<TRow>[] key = columns[..by], given = [.. key, .. set];
        return RunAsync(
            connection,
            $"""
            UPDATE {generation.Table(name)} t SET {string.Join(", ", set.Select(c => $"{c.Name} = r.{c.Name}"))}
            FROM unnest({Numbered(given)}) AS r ({Names(given)}) WHERE {Same(key)}
            """,
            given, rows, ct);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, Column<TRow>[] given, IReadOnlyList<TRow> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
            return;
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var column in given)
            command.Parameters.Add(column.Parameter(rows));
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string Names(IEnumerable<Column<TRow>> columns) => string.Join(", ", columns.Select(c => c.Name));

    private static string Numbered(Column<TRow>[] columns) => string.Join(", ", Enumerable.Range(1, columns.Length).Select(i => $"${i}"));

    private static string Same(IEnumerable<Column<TRow>> key) => string.Join(" AND ", key.Select(c => $"t.{c.Name} = r.{c.Name}"));
}
