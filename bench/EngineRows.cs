using System.Diagnostics;
using System.Globalization;
using System.Text;
using NodaTime;
using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Bench;

/// <summary>
/// The projections on a hall's log: catching up, rebuilding, and how soon one event can be seen. Against copying the same
/// events out of the log by position, which is the least that any projection does.
/// </summary>
internal sealed class EngineRows(NpgsqlDataSource source, int rounds)
{
    private const int SmallPage = 10_000;
    private const int Sparse = 300;

    public async Task<IReadOnlyList<BenchRow>> MeasureAsync(int cases, CancellationToken ct)
    {
        Console.Error.WriteLine($"loading the log of {cases} cases");
        await SlaMonitor.Host.Database.PrepareAsync(source, CatalogueFiles.Folder, ct);
        var last = await new HallLog(cases).LoadAsync(source, ct);
        await ExecuteAsync("VACUUM (ANALYZE) mt_events; ANALYZE mt_streams; CHECKPOINT", ct);
        var events = string.Create(CultureInfo.InvariantCulture, $"{last:N0} events");
        return
        [
            await BenchRow.InTurnAsync($"catch-up, {events}, pages of 10,000: events/s ÷ COPY TO STDOUT", "≥ 0.035", rounds, _ => CatchUpAsync(last, SmallPage, ct), _ => CopyOutAsync(last, ct)),
            await BenchRow.InTurnAsync($"catch-up, {events}, far behind: events/s ÷ COPY TO STDOUT", "≥ 0.08", rounds, _ => CatchUpAsync(last, null, ct), _ => CopyOutAsync(last, ct)),
            await BenchRow.InTurnAsync($"rebuild, {events}: events/s ÷ COPY TO STDOUT", "≥ 0.15", rounds, _ => RebuildAsync(last, ct), _ => CopyOutAsync(last, ct)),
            .. await VisibleAsync(ct),
            await UnderIngestAsync(ct),
            .. await MemoryAsync(ct),
        ];
    }

    private async Task<double> CatchUpAsync(long last, int? page, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var generation = (await Generations.ActiveAsync(connection, ct))!;
        await EmptyAsync(generation, ct);
        var work = new Workspace(source, generation);
        await using var mark = new HighWaterMark(source, 0);
        var started = Stopwatch.GetTimestamp();
        for (var done = 0L; done < last;)
            done = (await new Page(work, page).RunAsync(await mark.PollToEndAsync(ct), mark.PolledAt, ct)).Checkpoint;
        return last / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private Task EmptyAsync(Generation generation, CancellationToken ct) => ExecuteAsync($"""
        TRUNCATE {string.Join(", ", Generation.Tables.Select(generation.Table))};
        UPDATE mt_event_progression SET last_seq_id = 0 WHERE name = '{generation.Checkpoint}'; CHECKPOINT
        """, ct);

    private async Task<double> RebuildAsync(long last, CancellationToken ct)
    {
        await ExecuteAsync("CHECKPOINT", ct);
        var started = Stopwatch.GetTimestamp();
        await new Rebuild(source, (_, _) => { }).RunAsync(ct);
        return last / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<double> CopyOutAsync(long last, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var (started, buffer) = (Stopwatch.GetTimestamp(), new char[1 << 16]);
        using (var copy = await connection.BeginTextExportAsync(string.Create(CultureInfo.InvariantCulture, $"COPY (SELECT * FROM mt_events WHERE seq_id <= {last} ORDER BY seq_id) TO STDOUT"), ct))
        {
            while (await copy.ReadAsync(buffer.AsMemory(), ct) > 0)
            {
            }
        }

        return last / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<IReadOnlyList<BenchRow>> VisibleAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var follower = new Follower(source, fault => Console.Error.WriteLine(fault));
        var following = follower.RunAsync(stop.Token);
        await using var together = new GroupCommit(new SlaMonitor.EventStore.EventLog(source));
        var times = new List<double>();
        for (var i = 0; i < Sparse; i++)
        {
            await Task.Delay(20, ct);
            var stream = string.Create(CultureInfo.InvariantCulture, $"case/sparse-{Guid.NewGuid():n}");
            var started = Stopwatch.GetTimestamp();
            await together.AppendAsync(HallLog.Centre, [Received(stream)], ct);
            follower.Wake();
            await SeenAsync(stream, ct);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        await stop.CancelAsync();
        await following;
        times.Sort();
        return [new("append → read model visible, sparse: p50 ms", times[times.Count / 2], null, null, "≤ 20"), new("append → read model visible, sparse: p95 ms", times[times.Count * 95 / 100], null, null, "≤ 50")];
    }

    private static EventToAppend Received(string stream) => new(EventId.From(HallLog.Centre, "bench", stream), stream, "case", "case_received", null, Encoding.UTF8.GetBytes(
        $$"""{"occurredAt":"{{SlaMonitor.Domain.Timestamps.Format(SystemClock.Instance.GetCurrentInstant())}}","source":"bench/desk","id":"{{stream}}","data":{"item":"food-business-licence","window":"W1"} }"""));

    private async Task SeenAsync(string stream, CancellationToken ct)
    {
        await using var select = source.CreateCommand("SELECT count(*) FROM sla.commitment_clock WHERE tenant_id = $1 AND stream_id = $2");
        select.Parameters.Add(new() { Value = HallLog.Centre });
        select.Parameters.Add(new() { Value = stream });
        while ((long)(await select.ExecuteScalarAsync(ct))! == 0)
        {
        }
    }

    /// <summary>A rebuild while events come in: a reader always finds the same rows of old cases, and never waits long for them.</summary>
    private async Task<BenchRow> UnderIngestAsync(CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var follower = new Follower(source, fault => Console.Error.WriteLine(fault));
        var following = follower.RunAsync(stop.Token);
        var (log, written) = (new SlaMonitor.EventStore.EventLog(source), 0);
        var writing = Task.Run(
            async () =>
            {
                for (; !stop.IsCancellationRequested; written += 10)
                {
                    await log.AppendAsync(HallLog.Centre, [.. Enumerable.Range(0, 10).Select(_ => Received($"case/live-{Guid.NewGuid():n}"))], ct: ct);
                    follower.Wake();
                }
            },
            ct);
        var reading = Task.Run(() => LongestReadAsync(stop.Token), ct);
        await new Rebuild(source, (_, _) => { }).RunAsync(ct);
        await stop.CancelAsync();
        await writing;
        await following;
        return new BenchRow($"longest read of 100 cases during a rebuild under ingest ({written} events): ms", await reading, null, null, "≤ 1,000");
    }

    private async Task<double> LongestReadAsync(CancellationToken stop)
    {
        const string Old = "SELECT count(*) FROM sla.commitment_clock WHERE tenant_id = 'service-hall' AND stream_id >= 'case/2026-000000' AND stream_id < 'case/2026-000100'";
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        await using var read = new NpgsqlCommand(Old, connection);
        var (longest, first) = (0.0, (long)(await read.ExecuteScalarAsync(CancellationToken.None))!);
        while (!stop.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            if ((long)(await read.ExecuteScalarAsync(CancellationToken.None))! != first)
                throw new InvalidOperationException("a reader found another number of rows of cases that did not change");
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return longest;
    }

    /// <summary>The program itself as its own process: a host that has everything to catch up with, and a rebuild.</summary>
    private async Task<IReadOnlyList<BenchRow>> MemoryAsync(CancellationToken ct)
    {
        Generation generation;
        await using (var connection = await source.OpenConnectionAsync(ct))
            generation = (await Generations.ActiveAsync(connection, ct))!;
        await EmptyAsync(generation, ct);
        return
        [
            new("resident memory of a host that catches up with it all, peak MB", await PeakAsync(["run", "--url", "http://127.0.0.1:0"], "SlaMonitor is at", ct), null, null, "≤ 600"),
            new("resident memory of a rebuild, peak MB", await PeakAsync(["rebuild"], "rebuilt", ct), null, null, "≤ 600"),
        ];
    }

    private async Task<double> PeakAsync(string[] arguments, string until, CancellationToken ct)
    {
        await using var program = HostProcess.Start(source.ConnectionString, arguments);
        await program.LineWithAsync(until, ct);
        return await program.PeakAsync(ct);
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        foreach (var statement in sql.Split(';'))
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
