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
    private long _inserted;
    private long _analyzedAt = 1_000;

    /// <summary>Folds streams and brings the read models to what they say.</summary>
    /// <returns>What each stream gave, in the order given.</returns>
    public async Task<IReadOnlyList<FoldedStream>> RunAsync(NpgsqlConnection connection, IReadOnlyList<StreamState> touched, long end, Instant now, CancellationToken ct)
    {
        if (touched.Count == 0)
            return [];
        var versions = new Dictionary<string, CatalogueLog>();
        foreach (var centre in touched.Select(s => s.Key.Centre).Distinct())
            versions[centre] = await catalogues.OfAsync(centre, end, ct);
        var folded = touched.AsParallel().AsOrdered().Select(s => s.Fold(versions[s.Key.Centre], now)).ToList();
        await WriteAsync(connection, folded, ct);
        await Quarantine.MoveAsync(connection, generation, folded, end, ct);
        return folded;
    }

    private async Task WriteAsync(NpgsqlConnection connection, List<FoldedStream> folded, CancellationToken ct)
    {
        var (changes, notices) = (new RowChanges(), new List<ClockNoticeRow>());
        foreach (var stream in folded)
        {
            changes.Compare(stream.State.Rows, stream.Rows);
            if (stream.Poison is not null)
            {
                // A verdict made before the event that cannot be read is not one to show; what was told stays told.
                states.Forget(stream.State);
                continue;
            }

            notices.AddRange(stream.Notices.Where((n, i) => n.Retract != stream.State.Notices[i].Retract));
            (stream.State.Rows, stream.State.Notices) = (stream.Rows, stream.Notices);
        }

        await CommitmentClock.DeleteAsync(connection, generation, changes.Gone, ct);
        await CommitmentClock.UpdateAsync(connection, generation, changes.Changed, ct);
        await CommitmentClock.InsertAsync(connection, generation, changes.New, ct);
        await AnalyzeAsync(connection, changes.New.Count, ct);
        await ClockNotices.WriteAsync(connection, generation, notices, ct);
        await ComplianceDaily.RecomputeAsync(connection, generation, changes.Days, ct);
    }

    // Autovacuum looks around once a minute, and a table that has grown tenfold since is planned for as if it were empty.
    private async Task AnalyzeAsync(NpgsqlConnection connection, int inserted, CancellationToken ct)
    {
        if ((_inserted += inserted) < _analyzedAt)
            return;
        _analyzedAt = _inserted * 4;
        await using var analyze = new NpgsqlCommand($"ANALYZE {generation.Table("commitment_clock")}", connection) { CommandTimeout = 0 };
        await analyze.ExecuteNonQueryAsync(ct);
    }

    /// <summary>What differs between the rows that are stored and those that should be.</summary>
    private sealed class RowChanges
    {
        public List<CommitmentClockRow> New { get; } = [];

        public List<CommitmentClockRow> Changed { get; } = [];

        public List<CommitmentClockRow> Gone { get; } = [];

        public HashSet<ComplianceDay> Days { get; } = [];

        public void Compare(IReadOnlyList<CommitmentClockRow> stored, IReadOnlyList<CommitmentClockRow> wanted)
        {
            foreach (var row in wanted)
            {
                var before = Find(stored, row);
                if (before == row)
                    continue;
                (before is null ? New : Changed).Add(row);
                if (before is null || CountsOtherwise(before, row))
                    AddDays(before, row);
            }

            foreach (var row in stored)
            {
                if (Find(wanted, row) is not null)
                    continue;
                Gone.Add(row);
                AddDays(row, null);
            }
        }

        // Few rows a stream: looking through them costs less than an index would.
        private static CommitmentClockRow? Find(IReadOnlyList<CommitmentClockRow> rows, CommitmentClockRow like)
        {
            foreach (var row in rows)
            {
                if (row.Ordinal == like.Ordinal && row.Commitment == like.Commitment && row.Key == like.Key)
                    return row;
            }

            return null;
        }

        private static bool CountsOtherwise(CommitmentClockRow a, CommitmentClockRow b) =>
            (a.State, a.SettledOn, a.DueOn, a.Item, a.Window, a.Staff) != (b.State, b.SettledOn, b.DueOn, b.Item, b.Window, b.Staff);

        private void AddDays(CommitmentClockRow? before, CommitmentClockRow? after)
        {
            Days.UnionWith(before is null ? [] : ComplianceDaily.DaysOf(before));
            Days.UnionWith(after is null ? [] : ComplianceDaily.DaysOf(after));
        }
    }
}
