using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Projections;

/// <summary>
/// The read model <c>source_day</c>: on which days, in UTC, something of a source was recorded, and when last on each. A row only ever moves to a later instant, so that a page done twice changes nothing.
/// Here its rows are gathered from events, whatever their order; what is decided here has no sender and is left out.
/// </summary>
internal sealed class SourceDays
{
    // None that came in by the door is longer; what another program stored may be, and no index would hold it.
    private const int Longest = 256;

    private readonly Dictionary<SourceDay, DateTime> _last = [];

    /// <summary>What was gathered: each day with the last instant on it.</summary>
    public IReadOnlyDictionary<SourceDay, DateTime> Last => _last;

    /// <summary>Takes an event.</summary>
    public void Add(RecordedEvent e)
    {
        if (EventTypes.Find(e.Type) is not { IsDecided: false } || EventJson.ReadSource(e.Data.Span) is not { Length: <= Longest } source)
            return;
        var at = e.RecordedAt.ToDateTimeUtc();
        var day = new SourceDay(e.Centre, source, DateOnly.FromDateTime(at));
        if (!_last.TryGetValue(day, out var before) || before < at)
            _last[day] = at;
    }

    /// <summary>Brings the table to what was gathered, in the caller's transaction if it has one.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        if (_last.Count == 0)
            return;
        await using var command = new NpgsqlCommand($"""
            INSERT INTO {generation.Table("source_day")} AS d (tenant_id, source, day, last_recorded_at) SELECT * FROM unnest($1, $2, $3, $4)
            ON CONFLICT (tenant_id, source, day) DO UPDATE SET last_recorded_at = excluded.last_recorded_at WHERE excluded.last_recorded_at > d.last_recorded_at
            """, connection)
        {
            Parameters =
            {
                new() { Value = _last.Keys.Select(d => d.Centre).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = _last.Keys.Select(d => d.Source).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar },
                new() { Value = _last.Keys.Select(d => d.Day).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Date },
                new() { Value = _last.Values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The days on which the table differs from what was gathered, with both instants; null: there is none.</summary>
    public async Task<IReadOnlyList<(SourceDay Day, DateTime? Stored, DateTime? Derived)>> DifferencesAsync(NpgsqlConnection connection, Generation generation, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"SELECT tenant_id, source, day, last_recorded_at FROM {generation.Table("source_day")}", connection) { CommandTimeout = 0 };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var (found, missing) = (new List<(SourceDay, DateTime?, DateTime?)>(), _last.Keys.ToHashSet());
        while (await reader.ReadAsync(ct))
        {
            var (day, stored) = (new SourceDay(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateOnly>(2)), reader.GetDateTime(3));
            DateTime? derived = _last.TryGetValue(day, out var last) ? last : null;
            missing.Remove(day);
            if (stored != derived)
                found.Add((day, stored, derived));
        }

        return [.. found, .. missing.Select(d => (d, (DateTime?)null, (DateTime?)_last[d]))];
    }
}

/// <summary>A day, in UTC, on which something of a source was recorded.</summary>
internal readonly record struct SourceDay(string Centre, string Source, DateOnly Day);
