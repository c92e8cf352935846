using System.Runtime.CompilerServices;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Domain.Time;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Catalogues;

/// <summary>What publishing a version now would do to the open clocks of its centre: each case is folded with it and without it.</summary>
internal sealed class ForeseenChanges(NpgsqlDataSource dataSource, Catalogue candidate)
{
    private const int CasesAtOnce = 1_000;

    private Instant _now;

    /// <summary>Goes through the centre's cases that have an open clock, some at a time.</summary>
    public async IAsyncEnumerable<(int Clocks, List<string> Changes)> ListAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var before = await new CatalogueLogs(new EventLog(dataSource)).OfAsync(candidate.Centre, null, ct);
        _now = await ServerClock.NowAsync(connection, ct);
        // As it would be published: after all there is, now.
        var after = before.Versions.Any(v => v.Version == candidate.Version) ? before : before.Add(candidate with { Position = long.MaxValue, PublishedAt = _now });
        for (var last = ""; ;)
        {
            var streams = await StreamsAsync(connection, last, ct);
            if (streams.Count == 0)
                yield break;
            last = streams[^1];
            yield return Compare(await FactsAsync(connection, streams, ct), before, after);
        }
    }

    private async Task<List<string>> StreamsAsync(NpgsqlConnection connection, string last, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand("SELECT DISTINCT stream_id FROM sla.commitment_clock WHERE tenant_id = $1 AND state = 'open' AND stream_id > $2 ORDER BY 1 LIMIT $3", connection)
        {
            Parameters = { new() { Value = candidate.Centre }, new() { Value = last }, new() { Value = CasesAtOnce } },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var streams = new List<string>();
        while (await reader.ReadAsync(ct))
            streams.Add(reader.GetString(0));
        return streams;
    }

    private async Task<List<(string Stream, List<Recorded<CaseEvent>> Facts)>> FactsAsync(NpgsqlConnection connection, List<string> streams, CancellationToken ct)
    {
        var cases = new List<(string Stream, List<Recorded<CaseEvent>> Facts)>();
        await foreach (var e in EventLog.ReadStreamsAsync(connection, [.. streams.Select(s => (candidate.Centre, s))], long.MaxValue, ct))
        {
            if (!CaseJson.Knows(e.Type))
                continue;
            if (cases.Count == 0 || cases[^1].Stream != e.StreamId)
                cases.Add((e.StreamId, []));
            cases[^1].Facts.Add(EventJson.ReadCase(e.Type, e.Id, e.Data, e.Position, e.RecordedAt));
        }

        return cases;
    }

    private (int Clocks, List<string> Changes) Compare(List<(string Stream, List<Recorded<CaseEvent>> Facts)> cases, CatalogueLog before, CatalogueLog after)
    {
        var (clocks, changes) = (0, new List<string>());
        foreach (var (stream, facts) in cases)
        {
            var then = CaseClocks.Fold(facts, after).Clocks.ToDictionary(c => (c.Definition.Id, c.Key, c.Ordinal));
            foreach (var clock in CaseClocks.Fold(facts, before).Clocks)
            {
                // One that begins when another falls due is not there before.
                if (clock.AppearsAt >= _now || clock.Read().State is not (ClockState.Running or ClockState.Paused))
                    continue;
                clocks++;
                if (Change(clock, then.GetValueOrDefault((clock.Definition.Id, clock.Key, clock.Ordinal))) is { } change)
                    changes.Add($"{stream} {clock.Definition.Id}{(clock.Key is { } key ? "/" + key : "")} {change}");
            }
        }

        return (clocks, changes);
    }

    private string? Change(Clock before, Clock? after)
    {
        if (after is null)
            return "is gone";
        var (was, becomes) = (before.Read(), after.Read());
        if (was.Reckoning.DueAt != becomes.Reckoning.DueAt)
            return $"due {Text(was.Reckoning.DueAt)} becomes {Text(becomes.Reckoning.DueAt)}";
        if (was.DueSoonAt != becomes.DueSoonAt)
            return $"due soon {Text(was.DueSoonAt)} becomes {Text(becomes.DueSoonAt)}";
        return before.Facts.Calendar.Version != after.Facts.Calendar.Version ? $"follows calendar {after.Facts.Calendar.Version} in place of {before.Facts.Calendar.Version}, due as before" : null;
    }

    private string Text(Instant? at) => at is { } instant ? Timestamps.Format(instant, candidate.Zone) : "none while paused";
}
