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

    /// <summary>Replaces the rows of the given streams, in the caller's transaction.</summary>
    internal static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<(string Centre, string Stream, CaseClocks Clocks)> folded, CancellationToken ct)
    {
        var streams = folded.Select(f => (f.Centre, f.Stream)).ToList();
        await DeleteAsync(connection, streams, ct);
        // A stream that can be folded again is no longer apart.
        await DeleteAsync(connection, "sla.quarantine", streams, ct);

        await using var copy = await connection.BeginBinaryImportAsync(Insert, ct);
        foreach (var (centre, stream, clocks) in folded)
        {
            foreach (var clock in clocks.Clocks)
                await WriteRowAsync(copy, centre, stream, clocks, clock, ct);
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

    private static async Task WriteRowAsync(NpgsqlBinaryImporter copy, string centre, string stream, CaseClocks clocks, Clock clock, CancellationToken ct)
    {
        var (state, reading) = (clocks.State, clock.Read());
        var settled = reading.State is ClockState.Met or ClockState.Breached or ClockState.Void;
        var used = reading.Reckoning.Used.Value;
        await copy.StartRowAsync(ct);
        foreach (var text in (string?[])[centre, stream, clock.Definition.Id, clock.Key ?? ""])
            await TextAsync(text);
        await copy.WriteAsync(clock.Ordinal, NpgsqlDbType.Integer, ct);
        foreach (var text in (string?[])[state.Item, state.Kind?.ToString().ToLowerInvariant(), state.Priority])
            await TextAsync(text);
        await (state.Channel is { } channel ? copy.WriteAsync((short)channel, NpgsqlDbType.Smallint, ct) : copy.WriteNullAsync(ct));
        foreach (var text in (string?[])[state.Window, state.Staff, state.Stage])
            await TextAsync(text);
        await copy.WriteAsync(state.IsOpen, NpgsqlDbType.Boolean, ct);
        await TextAsync(settled ? reading.State.ToString().ToLowerInvariant() : "open");
        foreach (var at in (Instant?[])[clock.AppearsAt, clock.Facts.Start, clock.EndedAt, reading.Reckoning.DueAt, reading.DueSoonAt, reading.Reckoning.PausedAt, reading.Reckoning.ResumesAt, reading.SettledAt])
            await (at is { } instant ? copy.WriteAsync(instant.ToDateTimeUtc(), NpgsqlDbType.TimestampTz, ct) : copy.WriteNullAsync(ct));
        await TextAsync(reading.Reckoning.Used.Unit.ToString());
        await copy.WriteAsync((used + reading.Reckoning.Remaining.Value).ToDecimal(), NpgsqlDbType.Numeric, ct);
        await (settled ? copy.WriteAsync(used.ToDecimal(), NpgsqlDbType.Numeric, ct) : copy.WriteNullAsync(ct));
        // What contradicts the case stands in one row of it, so that sums are right.
        await copy.WriteAsync(clock.Anomalies.Count + (clock == clocks.Clocks[0] ? clocks.Anomalies.Count : 0), NpgsqlDbType.Integer, ct);
        foreach (var text in (string?[])[clock.CatalogueVersion, clock.Facts.Calendar.Version])
            await TextAsync(text);

        Task TextAsync(string? value) => value is null ? copy.WriteNullAsync(ct) : copy.WriteAsync(value, NpgsqlDbType.Varchar, ct);
    }
}
