using System.Runtime.CompilerServices;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Catalogues;

/// <summary>What a change of a centre's catalogue log would do now to its clocks: each case is folded with it and without it.</summary>
internal sealed class ForeseenChanges(NpgsqlDataSource dataSource, string centre)
{
    private const int CasesAtOnce = 1_000;

    private Instant _now;

    /// <summary>What publishing a version would do to the open clocks, some cases at a time.</summary>
    public IAsyncEnumerable<(int Clocks, List<string> Changes)> OfPublishingAsync(Catalogue candidate, CancellationToken ct) => ListAsync(
        // As it would be published: after all there is, now.
        log => log.Versions.Any(v => v.Version == candidate.Version) ? log : log.Add(candidate with { Position = long.MaxValue, PublishedAt = _now }),
        "state = 'open'",
        // One that begins when another falls due is not there before.
        clock => !(clock.AppearsAt >= _now) && clock.Read().State is ClockState.Running or ClockState.Paused,
        ChangeOfOpen, ct);

    /// <summary>What counting settled clocks again would do to their verdicts.</summary>
    /// <param name="from">Those that settled at or after this instant.</param>
    /// <param name="until">And before this one.</param>
    /// <param name="commitment">Of this commitment; null: of all.</param>
    /// <param name="ct">Cancels.</param>
    public IAsyncEnumerable<(int Clocks, List<string> Changes)> OfRecalculatingAsync(Instant from, Instant until, string? commitment, CancellationToken ct)
    {
        Recalculation? order = null;
        return ListAsync(
            log => log.Add(order = new Recalculation(Guid.Empty, long.MaxValue, _now, from, until, commitment)),
            // What is open has settled, too, when it has fallen due.
            "(settled_on IS NOT NULL OR due_at < now())",
            clock => order!.Concerns(clock.Definition.Id, clock.Read(_now).SettledAt), ChangeOfVerdict, ct);
    }

    private async IAsyncEnumerable<(int Clocks, List<string> Changes)> ListAsync(
        Func<CatalogueLog, CatalogueLog> change, string rows, Func<Clock, bool> concerned, Func<Clock, Clock?, string?> compare, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var before = await new CatalogueLogs(new EventLog(dataSource)).OfAsync(centre, null, ct);
        _now = await ServerClock.NowAsync(connection, ct);
        var after = change(before);
        for (var last = ""; ;)
        {
            var streams = await StreamsAsync(connection, rows, last, ct);
            if (streams.Count == 0)
                yield break;
            last = streams[^1];
            var (clocks, changes) = (0, new List<string>());
            foreach (var (stream, facts) in await FactsAsync(connection, streams, ct))
            {
                var kind = StreamKinds.Of(stream)!.Value;
                var then = StreamClocks.Fold(kind, facts, after).Clocks.ToDictionary(c => (c.Definition.Id, c.Key, c.Ordinal));
                foreach (var clock in StreamClocks.Fold(kind, facts, before).Clocks.Where(concerned))
                {
                    clocks++;
                    if (compare(clock, then.GetValueOrDefault((clock.Definition.Id, clock.Key, clock.Ordinal))) is { } changed)
                        changes.Add($"{stream} {clock.Definition.Id}{(clock.Key is { } key ? "/" + key : "")} {changed}");
                }
            }

            yield return (clocks, changes);
        }
    }

    private async Task<List<string>> StreamsAsync(NpgsqlConnection connection, string rows, string last, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"SELECT DISTINCT stream_id FROM sla.commitment_clock WHERE tenant_id = $1 AND {rows} AND stream_id > $2 ORDER BY 1 LIMIT $3", connection)
        {
            Parameters = { new() { Value = centre }, new() { Value = last }, new() { Value = CasesAtOnce } },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var streams = new List<string>();
        while (await reader.ReadAsync(ct))
            streams.Add(reader.GetString(0));
        return streams;
    }

    private async Task<List<(string Stream, List<Recorded> Facts)>> FactsAsync(NpgsqlConnection connection, List<string> streams, CancellationToken ct)
    {
        var cases = new List<(string Stream, List<Recorded> Facts)>();
        await foreach (var e in EventLog.ReadStreamsAsync(connection, [.. streams.Select(s => (centre, s))], long.MaxValue, ct))
        {
            if (e.Fact() is not { } fact)
                continue;
            if (cases.Count == 0 || cases[^1].Stream != e.StreamId)
                cases.Add((e.StreamId, []));
            cases[^1].Facts.Add(fact);
        }

        return cases;
    }

    private static string? ChangeOfOpen(Clock before, Clock? after)
    {
        if (after is null)
            return "is gone";
        var (was, becomes) = (before.Read(), after.Read());
        if (was.Reckoning.DueAt != becomes.Reckoning.DueAt)
            return $"due {Text(was.Reckoning.DueAt, before)} becomes {Text(becomes.Reckoning.DueAt, after)}";
        if (was.DueSoonAt != becomes.DueSoonAt)
            return $"due soon {Text(was.DueSoonAt, before)} becomes {Text(becomes.DueSoonAt, after)}";
        return before.Facts.Calendar.Version != after.Facts.Calendar.Version ? $"follows calendar {after.Facts.Calendar.Version} in place of {before.Facts.Calendar.Version}, due as before" : null;
    }

    private string? ChangeOfVerdict(Clock before, Clock? after)
    {
        if (after is null)
            return "is gone";
        var (was, becomes) = (before.Read(_now), after.Read(_now));
        return (was.State, was.SettledAt) == (becomes.State, becomes.SettledAt) ? null : $"{Verdict(was, before)} becomes {Verdict(becomes, after)}";
    }

    private static string Verdict(ClockReading reading, Clock clock) => $"{reading.State.ToString().ToLowerInvariant()}{(reading.SettledAt is { } at ? $" at {Text(at, clock)}" : "")}";

    private static string Text(Instant? at, Clock clock) => at is { } instant ? Timestamps.Format(instant, clock.Facts.Calendar.Zone) : "none while paused";
}
