using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Catalogues;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Stage 1 folds the touched streams and writes what changed of their rows; stage 2 recomputes what crosses streams for the
/// keys that touched. Both in the caller's transaction.
/// </summary>
internal sealed class Stages(Generation generation, CatalogueLogs catalogues, StreamStates states)
{
    private const int StreamsPerWrite = 2_000;

    private long _inserted;
    private long _analyzedAt = 1_000;

    /// <summary>Folds streams and brings the read models to what they say.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="touched">The streams to fold.</param>
    /// <param name="recount">Services to be counted anew from all that is known.</param>
    /// <param name="end">The page's end.</param>
    /// <param name="now">Decides only which notices are owed no more.</param>
    /// <param name="ct">Cancels.</param>
    public async Task RunAsync(NpgsqlConnection connection, IReadOnlyList<StreamState> touched, IReadOnlyList<(string Centre, string Service)> recount, long end, Instant now, CancellationToken ct)
    {
        var versions = new Dictionary<string, CatalogueLog>();
        foreach (var centre in touched.Select(s => s.Key.Centre).Concat(recount.Select(r => r.Centre)).Distinct())
            versions[centre] = await catalogues.OfAsync(centre, end, ct);
        var services = new ServiceChanges();
        foreach (var (centre, service) in recount)
            services.Add(centre, service, ServiceWindow.Whole);
        if (touched.Count > 0)
            await FoldAsync(connection, touched, versions, services, end, now, ct);
        foreach (var (centre, service, window) in services.With(versions))
            await ServiceCounts.RecomputeAsync(connection, generation, versions[centre], centre, service, window, ct);
    }

    private async Task FoldAsync(NpgsqlConnection connection, IReadOnlyList<StreamState> touched, Dictionary<string, CatalogueLog> versions, ServiceChanges services, long end, Instant now, CancellationToken ct)
    {
        var (days, months, rated) = (new HashSet<ComplianceDay>(), new HashSet<ComplianceMonth>(), new HashSet<SatisfactionDay>());
        // In the order of the keys, so that neighbours in the tables and their indexes are written one after the other.
        var chunks = touched.OrderBy(s => s.Key.Centre, StringComparer.Ordinal).ThenBy(s => s.Key.Stream, StringComparer.Ordinal).Chunk(StreamsPerWrite).ToList();
        var folding = FoldAsync(chunks[0]);
        for (var i = 0; i < chunks.Count; i++)
        {
            // While the database writes these, the next are folded.
            var (folded, changes) = await folding;
            if (i + 1 < chunks.Count)
                folding = FoldAsync(chunks[i + 1]);
            foreach (var stream in folded)
            {
                services.Add(stream.State.Key.Centre, stream.State.Services, stream.Services);
                SatisfactionDaily.AddDays(rated, stream.State.Citizens, stream.Citizens);
            }

            await WriteAsync(connection, folded, changes, end, ct);
            await Quarantine.MoveAsync(connection, generation, folded, end, ct);
            days.UnionWith(changes.Days);
            months.UnionWith(changes.Months);
        }

        await ComplianceDaily.RecomputeAsync(connection, generation, days, ct);
        await ComplianceSums.RecomputeAsync(connection, generation, months, ct);
        await SatisfactionDaily.RecomputeAsync(connection, generation, rated, ct);

        Task<(List<FoldedStream> Folded, RowChanges Changes)> FoldAsync(StreamState[] chunk) => Task.Run(() =>
        {
            var folded = chunk.AsParallel().AsOrdered().Select(s => s.Fold(versions[s.Key.Centre], now)).ToList();
            return (folded, RowChanges.Of(folded));
        });
    }

    private async Task WriteAsync(NpgsqlConnection connection, List<FoldedStream> folded, RowChanges changes, long end, CancellationToken ct)
    {
        await Anomalies.Table.ReplaceAsync(connection, generation, folded.Select(f => (f.State.Anomalies, f.Anomalies)), ct);
        await CaseRestatements.Table.ReplaceAsync(connection, generation, folded.Select(f => (f.State.Restatements, f.Restatements)), ct);
        await ServiceTables.ReplaceAsync(connection, generation, [.. folded.Select(f => (f.State.Services, f.Services)).Where(s => s != (ServiceRows.None, ServiceRows.None))], ct);
        await CitizenTables.ReplaceAsync(connection, generation, [.. folded.Select(f => (f.State.Citizens, f.Citizens))], ct);
        var notices = new List<ClockNoticeRow>();
        foreach (var stream in folded)
        {
            if (stream.Poison is not null)
            {
                // A verdict made before the event that cannot be read is not one to show; what was told stays told.
                states.Forget(stream.State);
                continue;
            }

            notices.AddRange(stream.Notices.Where((n, i) => n.Retract != stream.State.Notices[i].Retract));
            (stream.State.Rows, stream.State.Notices, stream.State.Anomalies, stream.State.Restatements, stream.State.RestatedUpTo) = (stream.Rows, stream.Notices, stream.Anomalies, stream.Restatements, end);
            (stream.State.Services, stream.State.Citizens) = (stream.Services, stream.Citizens);
        }

        await CommitmentClock.Table.DeleteAsync(connection, generation, changes.Gone, ct);
        await CommitmentClock.Table.UpdateAsync(connection, generation, changes.Changed, ct);
        await CommitmentClock.UpdateCasesAsync(connection, generation, changes.Cases, ct);
        await CommitmentClock.Table.InsertAsync(connection, generation, changes.New, ct);
        await AnalyzeAsync(connection, changes.New.Count, ct);
        await ClockNotices.Table.UpsertAsync(connection, generation, notices, ct);
    }

    // Autovacuum looks around once a minute, and a table that has grown tenfold since is planned for as if it were empty.
    private async Task AnalyzeAsync(NpgsqlConnection connection, int inserted, CancellationToken ct)
    {
        if ((_inserted += inserted) < _analyzedAt)
            return;
        _analyzedAt = _inserted * 4;
        await using var analyze = new NpgsqlCommand($"ANALYZE {generation.Table("commitment_clock")}, {generation.Table("case_rating")}", connection) { CommandTimeout = 0 };
        await analyze.ExecuteNonQueryAsync(ct);
    }
}
