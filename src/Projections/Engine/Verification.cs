using System.Globalization;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>A read model that is not what the log says.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="Where">The stream, clock or day.</param>
/// <param name="What">What differs: the stored value, then the one derived.</param>
public sealed record Difference(string Centre, string Where, string What);

/// <summary>What a verification found.</summary>
/// <param name="Position">The checkpoint whose read models were compared.</param>
/// <param name="Events">Events read.</param>
/// <param name="Clocks">Rows compared.</param>
/// <param name="Pending">Streams or sweeps that wait to be folded anew; until then differences there are none.</param>
/// <param name="Behind">Positions drawn after it, which no read model has yet.</param>
/// <param name="Differences">How many were reported.</param>
public sealed record VerificationResult(long Position, long Events, long Clocks, long Pending, long Behind, long Differences);

/// <summary>
/// Derives everything anew from the log, in memory, and compares it with the read models that readers see, in one snapshot of
/// both. Nothing is changed, and nothing waits for it.
/// </summary>
/// <param name="dataSource">The database.</param>
/// <param name="report">Told each difference.</param>
/// <param name="progress">Told how many of how many positions have been read.</param>
public sealed class Verification(NpgsqlDataSource dataSource, Action<Difference> report, Action<long, long> progress)
{
    private long _clocks;
    private long _differences;

    /// <summary>Verifies.</summary>
    /// <exception cref="RebuildRefusedException">The read models are another program version's.</exception>
    public async Task<VerificationResult> RunAsync(CancellationToken ct)
    {
        await using var stored = await dataSource.OpenConnectionAsync(ct);
        await using var snapshot = await stored.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var generation = (await Generations.ActiveAsync(stored, ct))!;
        if (generation.Version != Generation.CurrentVersion)
            throw new RebuildRefusedException($"the read models are of version {generation.Version} and this program's are of {Generation.CurrentVersion}; verify with the program that made them");
        var (checkpoint, now, name) = await BeginAsync(stored, generation, ct);
        var log = new WholeLog(new CatalogueLogs(new EventLog(dataSource)), checkpoint, now);
        await using (var reader = await dataSource.OpenConnectionAsync(ct))
        await using (var transaction = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct))
        {
            // Notices stand in the log before the checkpoint has passed them, so the log is read as it was at the same moment.
            await using (var same = new NpgsqlCommand($"SET TRANSACTION SNAPSHOT '{name}'", reader))
                await same.ExecuteNonQueryAsync(ct);
            await log.FoldAsync(reader, NoticeJson.All, async batch =>
            {
                await CompareAsync(stored, generation, batch, ct);
                progress(log.Done, checkpoint);
            }, ct);
        }

        await CompareRestAsync(stored, generation, log, ct);
        return new VerificationResult(checkpoint, log.Done, _clocks, await PendingAsync(stored, generation, ct), await BehindAsync(stored, checkpoint, ct), _differences);
    }

    private static async Task<(long Checkpoint, Instant Now, string Snapshot)> BeginAsync(NpgsqlConnection stored, Generation generation, CancellationToken ct)
    {
        // It waits in its snapshot while the log is sorted, which takes as long as the log is long.
        await using (var patience = new NpgsqlCommand("SET LOCAL idle_in_transaction_session_timeout = 0", stored))
            await patience.ExecuteNonQueryAsync(ct);
        // Of the active generation in the same snapshot: it is there.
        var checkpoint = (long)(await generation.CheckpointAsync(stored, ct))!;
        await using var export = new NpgsqlCommand("SELECT pg_export_snapshot()", stored);
        return (checkpoint, await ServerClock.NowAsync(stored, ct), (string)(await export.ExecuteScalarAsync(ct))!);
    }

    private async Task CompareAsync(NpgsqlConnection stored, Generation generation, FoldedBatch batch, CancellationToken ct)
    {
        var keys = new StreamKeys([.. batch.Streams.Select(f => f.State.Key)]);
        var rows = (await CommitmentClock.Table.LoadAsync(stored, generation, keys, ct)).ToLookup(r => new StreamKey(r.Centre, r.Stream));
        var apart = (await Quarantine.LoadAsync(stored, generation, keys, ct)).ToHashSet();
        var anomalies = (await Anomalies.Table.LoadAsync(stored, generation, keys, ct)).ToLookup(r => new StreamKey(r.Centre, r.Stream));
        var restatements = (await CaseRestatements.Table.LoadAsync(stored, generation, keys, ct)).ToLookup(r => new StreamKey(r.Centre, r.Stream));
        var services = await ServiceTables.LoadAsync(stored, generation, keys.Keys, ct);
        var citizens = await CitizenTables.LoadAsync(stored, generation, keys.Keys, ct);
        foreach (var stream in batch.Streams)
        {
            if (ServiceTables.Differences(services.GetValueOrDefault(stream.State.Key, ServiceRows.None), stream.Services).ToList() is { Count: > 0 } tables)
                Report(stream.State.Key, $"its {string.Join(", ", tables)} differ from those derived");
            if (CitizenTables.Differences(citizens.GetValueOrDefault(stream.State.Key, CitizenRows.None), stream.Citizens).ToList() is { Count: > 0 } said)
                Report(stream.State.Key, $"its {string.Join(", ", said)} differs from what is derived");
            if (!anomalies[stream.State.Key].ToHashSet().SetEquals(stream.Anomalies))
                Report(stream.State.Key, "its anomalies differ from those derived");
            if (!restatements[stream.State.Key].ToHashSet().SetEquals(stream.Restatements))
                Report(stream.State.Key, "its restatements differ from those derived");
            CompareRows(stream, rows[stream.State.Key].ToDictionary(r => r.Id));
            if (apart.Contains(stream.State.Key) != (stream.Poison is not null))
                Report(stream.State.Key, stream.Poison is null ? "stands in quarantine and can be folded; ask for it with: sla retry" : "cannot be folded and does not stand in quarantine");
        }

        var told = (await ClockNotices.Table.LoadAsync(stored, generation, new StreamKeys([.. batch.Told.Select(t => new StreamKey(t.Centre, t.Id.Stream)).Distinct()]), ct)).ToDictionary(n => (n.Centre, n.Id));
        foreach (var derived in batch.Told)
        {
            if (told.GetValueOrDefault((derived.Centre, derived.Id))?.Told != derived.Told)
                Report(new StreamKey(derived.Centre, Name(derived.Id)), "what has been told about it differs from its notices in the log");
        }
    }

    private void CompareRows(FoldedStream stream, Dictionary<ClockId, CommitmentClockRow> stored)
    {
        foreach (var derived in stream.Rows)
        {
            _clocks++;
            if (!stored.Remove(derived.Id, out var row))
                Report(stream.State.Key with { Stream = Name(derived.Id) }, "is missing");
            else if (CommitmentClock.Differences(row, derived) is { Count: > 0 } columns)
                Report(stream.State.Key with { Stream = Name(derived.Id) }, string.Join(", ", columns));
        }

        foreach (var id in stored.Keys)
            Report(stream.State.Key with { Stream = Name(id) }, "is stored and should not be");
    }

    /// <summary>What no stream of the log leads to, and what crosses streams.</summary>
    private async Task CompareRestAsync(NpgsqlConnection stored, Generation generation, WholeLog log, CancellationToken ct)
    {
        foreach (var (table, what) in ((string, string)[])[("commitment_clock", "clocks"), ("service_span", "spans"), ("complaint", "a complaint"), ("case_rating", "a rating")])
            await ReportAsync($"SELECT DISTINCT c.tenant_id, c.stream_id, 'has {what} and no events' FROM {generation.Table(table)} c WHERE NOT EXISTS (SELECT 1 FROM public.mt_streams s WHERE s.tenant_id = c.tenant_id AND s.id = c.stream_id)");
        foreach (var (centre, catalogue) in log.Catalogues)
        {
            foreach (var service in ServiceCounts.ServicesOf(catalogue))
            {
                if (await ServiceCounts.DiffersAsync(stored, generation, catalogue, centre, service, ct))
                    Report(new StreamKey(centre, $"service {service}"), "its days or interruptions differ from what its spans say");
            }
        }

        foreach (var (day, was, derived) in await log.Sources.DifferencesAsync(stored, generation, ct))
            Report(new StreamKey(day.Centre, string.Create(CultureInfo.InvariantCulture, $"source {day.Source} on {day.Day:yyyy-MM-dd}")), $"its last event: stored {CommitmentClock.Shown(was)} derived {CommitmentClock.Shown(derived)}");
        await CompareSumsAsync(
            $"SELECT {ComplianceDaily.Columns} FROM {generation.Table("compliance_daily")}", ComplianceDaily.Recount(generation),
            "format('%s %s', commitment, day), format('{0}: item %s, window %s, staff %s: met %s, breached %s, due %s, on time %s', item, window_id, staff, met, breached, due, on_time)");
        await CompareSumsAsync(
            $"SELECT tenant_id, commitment, item, month, met, breached FROM {generation.Table("compliance_monthly")}", ComplianceSums.RecountMonths(generation),
            "format('%s of the month %s', commitment, month), format('{0}: item %s: met %s, breached %s', item, met, breached)");
        await CompareSumsAsync(
            $"SELECT tenant_id, commitment, item, met, breached FROM {generation.Table("compliance_total")}", ComplianceSums.RecountTotals(generation),
            "format('%s in all', commitment), format('{0}: item %s: met %s, breached %s', item, met, breached)");
        await CompareSumsAsync(
            $"SELECT {SatisfactionDaily.Columns} FROM {generation.Table("satisfaction_daily")}", SatisfactionDaily.Recount(generation),
            "format('satisfaction of %s', day), format('{0}: finished %s, given %s, defaulted %s, voided %s, by score %s %s %s %s %s', finished, given, defaulted, voided, score1, score2, score3, score4, score5)");
        var catalogues = log.UnreadableCatalogues.Select(c => c.Key).ToHashSet();
        foreach (var key in (await Quarantine.LoadAsync(stored, generation, new StreamKeys([.. log.Centres.Select(c => new StreamKey(c, CatalogueLogs.Stream))]), ct)).Except(catalogues))
            Report(key, "stands in quarantine and can be read; ask for it with: sla retry");

        async Task CompareSumsAsync(string kept, string recount, string shown)
        {
            await ReportAsync($"SELECT tenant_id, {shown.Replace("{0}", "stored", StringComparison.Ordinal)} FROM (({kept}) EXCEPT ALL ({recount})) d");
            await ReportAsync($"SELECT tenant_id, {shown.Replace("{0}", "derived", StringComparison.Ordinal)} FROM (({recount}) EXCEPT ALL ({kept})) d");
        }

        async Task ReportAsync(string sql)
        {
            await using var select = new NpgsqlCommand(sql, stored) { CommandTimeout = 0 };
            await using var reader = await select.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                Report(new StreamKey(reader.GetString(0), reader.GetString(1)), reader.GetString(2));
        }
    }

    private static async Task<long> PendingAsync(NpgsqlConnection stored, Generation generation, CancellationToken ct)
    {
        await using var count = new NpgsqlCommand($"SELECT (SELECT count(*) FROM {generation.Table("catalogue_sweep")}) + (SELECT count(*) FROM {generation.Table("availability_sweep")}) + (SELECT count(*) FROM {generation.Table("quarantine")} WHERE retry)", stored);
        return (long)(await count.ExecuteScalarAsync(ct))!;
    }

    private static async Task<long> BehindAsync(NpgsqlConnection stored, long checkpoint, CancellationToken ct)
    {
        await using var last = new NpgsqlCommand("SELECT greatest(0, CASE WHEN is_called THEN last_value ELSE 0 END - $1) FROM public.mt_events_sequence", stored) { Parameters = { new() { Value = checkpoint } } };
        return (long)(await last.ExecuteScalarAsync(ct))!;
    }

    private void Report(StreamKey key, string what)
    {
        _differences++;
        report(new Difference(key.Centre, key.Stream, what));
    }

    private static string Name(ClockId id) => string.Create(CultureInfo.InvariantCulture, $"{id.Stream} {id.Commitment}{(id.Key.Length > 0 ? "/" + id.Key : "")} #{id.Ordinal}");
}
