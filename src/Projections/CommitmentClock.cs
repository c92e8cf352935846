using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;

namespace SlaMonitor.Projections;

/// <summary>
/// The read model <c>commitment_clock</c>: one row per clock with everything a list, chart or score needs. Rows hold what
/// the facts say; that time has passed since is worked out at reading, by <see cref="StateAt"/>, so no row is ever stale.
/// </summary>
public static class CommitmentClock
{
    /// <summary>The state at the instant in parameter <c>$1</c>: running, paused, met, breached or void.</summary>
    public const string StateAt = """
        CASE WHEN state <> 'open' THEN state
             WHEN paused_at <= $1 AND (resumes_at IS NULL OR $1 < resumes_at) AND (due_at IS NULL OR due_at >= paused_at) THEN 'paused'
             WHEN due_at < $1 THEN 'breached'
             ELSE 'running' END
        """;

    /// <summary>Whether the clock is there at the instant in <c>$1</c>; a deemed one appears when the silence has lasted.</summary>
    public const string ThereAt = "(appears_at IS NULL OR appears_at < $1)";

    /// <summary>When it settled, seen from the instant in <c>$1</c>: a breach settles at the last tick before due.</summary>
    public const string SettledAt = $"""
        coalesce(settled_at, CASE WHEN ({StateAt}) = 'breached' THEN due_at - interval '1 microsecond' END)
        """;

    private const string Insert = """
        COPY sla.commitment_clock_v1 (tenant_id, stream_id, commitment, key, ordinal, item, kind, priority, channel, window_id, staff, stage, case_open, state,
            appears_at, started_at, stopped_at, due_at, due_soon_at, paused_at, resumes_at, settled_at, unit, total, used, anomalies, catalogue_version, calendar_version)
        FROM STDIN (FORMAT binary)
        """;

    /// <summary>Works out the rows of a case. Everything that its events can make fail fails here, where only its stream is concerned.</summary>
    internal static FoldedStream RowsOf(string centre, string stream, CaseClocks clocks)
    {
        var rows = clocks.Clocks.Select(clock =>
        {
            var reading = clock.Read();
            var settled = reading.State is ClockState.Met or ClockState.Breached or ClockState.Void;
            var (used, remaining) = (reading.Reckoning.Used.Value, reading.Reckoning.Remaining.Value);
            var at = ((Instant?[])[clock.AppearsAt, clock.Facts.Start, clock.EndedAt, reading.Reckoning.DueAt, reading.DueSoonAt, reading.Reckoning.PausedAt, reading.Reckoning.ResumesAt, reading.SettledAt])
                .Select(i => i?.ToDateTimeUtc()).ToArray();
            return new FoldedClock(clock, settled ? reading.State.ToString().ToLowerInvariant() : "open", at, reading.Reckoning.Used.Unit.ToString(), (used + remaining).ToDecimal(), settled ? used.ToDecimal() : null);
        }).ToList();
        return new FoldedStream(centre, stream, clocks, rows);
    }

    /// <summary>Replaces the rows of the given streams, in the caller's transaction.</summary>
    internal static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<FoldedStream> folded, CancellationToken ct)
    {
        var streams = folded.Select(f => (f.Centre, f.Stream)).ToList();
        await DeleteAsync(connection, streams, ct);
        // A stream that can be folded again is no longer apart.
        await DeleteAsync(connection, "sla.quarantine", streams, ct);
        await using var copy = await connection.BeginBinaryImportAsync(Insert, ct);
        foreach (var stream in folded)
        {
            // What contradicts the case stands in one row of it, so that sums are right; in one that is there, if any is.
            var bearer = stream.Rows.FirstOrDefault(r => r.Clock.AppearsAt is null) ?? (stream.Rows.Count > 0 ? stream.Rows[0] : null);
            foreach (var row in stream.Rows)
                await WriteRowAsync(copy, stream, row, row.Clock.Anomalies.Count + (row == bearer ? stream.Clocks.Anomalies.Count : 0), ct);
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>Deletes the rows of streams, in the caller's transaction.</summary>
    internal static Task DeleteAsync(NpgsqlConnection connection, IReadOnlyList<(string Centre, string Stream)> streams, CancellationToken ct) =>
        DeleteAsync(connection, "sla.commitment_clock_v1", streams, ct);

    private static async Task DeleteAsync(NpgsqlConnection connection, string table, IReadOnlyList<(string Centre, string Stream)> streams, CancellationToken ct)
    {
        await using var delete = new NpgsqlCommand($"DELETE FROM {table} t USING unnest($1, $2) AS k (tenant_id, stream_id) WHERE t.tenant_id = k.tenant_id AND t.stream_id = k.stream_id", connection);
        delete.Parameters.Add(new() { Value = streams.Select(s => s.Centre).ToArray() });
        delete.Parameters.Add(new() { Value = streams.Select(s => s.Stream).ToArray() });
        await delete.ExecuteNonQueryAsync(ct);
    }

    private static async Task WriteRowAsync(NpgsqlBinaryImporter copy, FoldedStream stream, FoldedClock row, int anomalies, CancellationToken ct)
    {
        var (state, clock) = (stream.Clocks.State, row.Clock);
        await copy.StartRowAsync(ct);
        foreach (var text in (string?[])[stream.Centre, stream.Stream, clock.Definition.Id, clock.Key ?? ""])
            await TextAsync(text);
        await copy.WriteAsync(clock.Ordinal, NpgsqlDbType.Integer, ct);
        foreach (var text in (string?[])[state.Item, state.Kind?.ToString().ToLowerInvariant(), state.Priority])
            await TextAsync(text);
        await (state.Channel is { } channel ? copy.WriteAsync((short)channel, NpgsqlDbType.Smallint, ct) : copy.WriteNullAsync(ct));
        foreach (var text in (string?[])[state.Window, state.Staff, state.Stage])
            await TextAsync(text);
        await copy.WriteAsync(state.IsOpen, NpgsqlDbType.Boolean, ct);
        await TextAsync(row.State);
        foreach (var at in row.Instants)
            await (at is { } instant ? copy.WriteAsync(instant, NpgsqlDbType.TimestampTz, ct) : copy.WriteNullAsync(ct));
        await TextAsync(row.Unit);
        await copy.WriteAsync(row.Total, NpgsqlDbType.Numeric, ct);
        await (row.Used is { } used ? copy.WriteAsync(used, NpgsqlDbType.Numeric, ct) : copy.WriteNullAsync(ct));
        await copy.WriteAsync(anomalies, NpgsqlDbType.Integer, ct);
        foreach (var text in (string?[])[clock.CatalogueVersion, clock.Facts.Calendar.Version])
            await TextAsync(text);

        Task TextAsync(string? value) => value is null ? copy.WriteNullAsync(ct) : copy.WriteAsync(value, NpgsqlDbType.Varchar, ct);
    }
}

/// <summary>A case's clocks, ready to be written.</summary>
internal sealed record FoldedStream(string Centre, string Stream, CaseClocks Clocks, IReadOnlyList<FoldedClock> Rows);

/// <summary>The values of a row, worked out; the instants in the order of the columns.</summary>
internal sealed record FoldedClock(Clock Clock, string State, IReadOnlyList<DateTime?> Instants, string Unit, decimal Total, decimal? Used);
