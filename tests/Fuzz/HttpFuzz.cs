using System.Globalization;
using Npgsql;

namespace SlaMonitor.Fuzz;

/// <summary>
/// Inputs over HTTP into a real log, several at a time. After each wave the log must have grown by exactly what was acknowledged, and
/// a good event must be taken; in the end nothing may be in quarantine.
/// </summary>
internal sealed class HttpFuzz(HttpClient client, NpgsqlDataSource source, FuzzInputs inputs, Findings findings)
{
    private const int Wave = 64;
    private const string Contents = "SELECT (SELECT count(*) FROM mt_events WHERE stream_id ~ '^(case|complaint)/'), (SELECT count(*) FROM mt_streams WHERE id ~ '^(case|complaint)/'), (SELECT count(DISTINCT (tenant_id, stream_id)) FROM mt_events WHERE stream_id ~ '^(case|complaint)/')";

    private readonly HttpDoor _door = new(client);
    private long _replays;

    /// <summary>Sends the inputs from a number on.</summary>
    public async Task RunAsync(long first, long count, CancellationToken ct)
    {
        await GoodAsync(FuzzInputs.Anchor("anchor"), ct);
        for (var number = first; number < first + count && !findings.AreEnough; number += Wave)
            await WaveAsync([.. Enumerable.Range(0, (int)Math.Min(Wave, first + count - number)).Select(i => inputs.Make(number + i))], ct);
        await QuarantineAsync(ct);
    }

    private async Task WaveAsync(List<FuzzInput> wave, CancellationToken ct)
    {
        var before = await ContentsAsync(ct);
        var answers = await Task.WhenAll(wave.Select(i => _door.TryAsync(i, ct)));
        for (var i = 0; i < wave.Count; i++)
        {
            if (answers[i].Wrong is { } wrong)
                await findings.AddAsync(new Finding(inputs.Seed, wave[i], wrong), f => Shrinking.SmallestAsync(inputs, f, async alone => (await _door.TryAsync(alone, ct)).Wrong));
        }

        if (Fault(before, await ContentsAsync(ct), answers.Sum(a => a.Appended)) is not null && answers.All(a => a.Wrong is null))
            await FindAsync(wave, ct);
        await GoodAsync(FuzzInputs.Anchor($"{inputs.Seed:x}-after-{wave[^1].Number}"), ct);
    }

    /// <summary>Something of a wave was stored that nobody was told of, or the other way round: one by one it is found which.</summary>
    private async Task FindAsync(List<FuzzInput> wave, CancellationToken ct)
    {
        foreach (var input in wave)
        {
            var again = inputs.Make(input.Number, string.Create(CultureInfo.InvariantCulture, $"r{_replays++}"));
            var before = await ContentsAsync(ct);
            var (_, appended) = await _door.TryAsync(again, ct);
            if (Fault(before, await ContentsAsync(ct), appended) is { } wrong)
                await findings.AddAsync(new Finding(inputs.Seed, again, wrong), Task.FromResult);
        }
    }

    private static string? Fault((long Events, long Streams, long Filled) before, (long Events, long Streams, long Filled) after, long appended) =>
        after.Events != before.Events + appended ? $"{appended} events were acknowledged and {after.Events - before.Events} stored"
        : after.Streams != after.Filled ? $"{after.Streams - after.Filled} streams without an event were left"
        : null;

    private async Task GoodAsync(JsonPiece good, CancellationToken ct)
    {
        var input = new FuzzInput(-1, 1, good.ToBytes(), "application/cloudevents+json", null, []);
        if ((await _door.TryAsync(input, ct)).Wrong is { } wrong)
            await findings.AddAsync(new Finding(inputs.Seed, input, $"a good event after bad ones: {wrong}"), Task.FromResult);
    }

    private async Task QuarantineAsync(CancellationToken ct)
    {
        foreach (var wrong in await QuarantinedAsync(client, source, ct))
            await findings.AddAsync(new Finding(inputs.Seed, new FuzzInput(-1, 0, [], null, null, []), wrong), Task.FromResult);
    }

    /// <summary>Waits until all of a log is folded; every case can be read then, or is named here.</summary>
    public static async Task<IReadOnlyList<string>> QuarantinedAsync(HttpClient client, NpgsqlDataSource source, CancellationToken ct)
    {
        var wrong = new List<string>();
        await using var last = source.CreateCommand("SELECT max(seq_id) FROM mt_events");
        using var read = await client.GetAsync($"/cases?limit=1&commitment=case.promised&centre={SampleHall.Centre}&wait={await last.ExecuteScalarAsync(ct)}", ct);
        if (!read.IsSuccessStatusCode)
            wrong.Add($"the read models do not catch up: {(int)read.StatusCode} {await read.Content.ReadAsStringAsync(ct)}");
        await using var quarantined = source.CreateCommand("SELECT q.stream_id, q.reason, (SELECT string_agg(type || ' ' || left(data::text, 400), E'\\n' ORDER BY version) FROM mt_events e WHERE e.tenant_id = q.tenant_id AND e.stream_id = q.stream_id) FROM sla.quarantine q");
        await using var reader = await quarantined.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            wrong.Add($"accepted and then in quarantine: {reader.GetString(1)}; facts of {reader.GetString(0)}:\n{reader.GetString(2)}");
        return wrong;
    }

    private async Task<(long Events, long Streams, long Filled)> ContentsAsync(CancellationToken ct)
    {
        await using var command = source.CreateCommand(Contents);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
