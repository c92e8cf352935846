using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Makes a past of a centre out of its present: streams of which nothing came after the position are what they were, and the
/// others are folded anew from the log as far as it, into tables that end with the transaction. What it costs grows with what
/// came after, not with the log.
/// </summary>
/// <param name="connection">In a transaction with one snapshot.</param>
/// <param name="generation">The present.</param>
/// <param name="centre">The centre.</param>
/// <param name="catalogue">What it had published by then.</param>
/// <param name="asOf">The position.</param>
internal sealed class Past(NpgsqlConnection connection, Generation generation, string centre, CatalogueLog catalogue, AsOf asOf)
{
    // The rows of the streams that were folded anew.
    private const string Refolded = "past_clock";

    private const string RefoldedOutages = "past_outage", RefoldedSpans = "past_span", RefoldedExclusions = "past_exclusion", RefoldedComplaints = "past_complaint", RefoldedRatings = "past_rating";

    private const int StreamsPerBatch = 2_000;

    private static readonly string[] FactTypes = [.. EventTypes.All.Select(t => t.Name)];

    /// <summary>The clocks as they were.</summary>
    // The condition stands above the union, not within: only so do lists in the order of an index read no more of it than they show.
    public string Clocks => Before ? Refolded : $"""
        (SELECT * FROM (SELECT *, false AS refolded FROM {generation.Table("commitment_clock")} UNION ALL SELECT *, true FROM {Refolded}) c
         WHERE refolded OR NOT EXISTS (SELECT 1 FROM past_stream s WHERE s.tenant_id = c.tenant_id AND s.stream_id = c.stream_id)) AS clocks
        """;

    /// <summary>The outages as they were.</summary>
    public string Outages => Untouched("outage", RefoldedOutages);

    /// <summary>The spans of services as they were.</summary>
    public string Spans => Untouched("service_span", RefoldedSpans);

    /// <summary>The exclusions as they were.</summary>
    public string Exclusions => Untouched("exclusion", RefoldedExclusions);

    /// <summary>The complaints as they were.</summary>
    public string Complaints => Untouched("complaint", RefoldedComplaints);

    /// <summary>The finished and rated cases as they were.</summary>
    public string Ratings => Untouched("case_rating", RefoldedRatings);

    /// <summary>The daily counts as they were: as they are, less what the rows of now add to them, and what those of then do.</summary>
    public string Days => Before ? $"({ComplianceDaily.Recount(Refolded)}) AS days" : $"""
        (SELECT {ComplianceDaily.Columns} FROM {generation.Table("compliance_daily")}
         UNION ALL
         SELECT tenant_id, commitment, day, item, window_id, staff, -met, -breached, -due, -on_time
         FROM ({ComplianceDaily.Recount($"(SELECT c.* FROM past_stream s JOIN {generation.Table("commitment_clock")} c USING (tenant_id, stream_id)) AS present")}) d
         UNION ALL
         {ComplianceDaily.Recount(Refolded)}) AS days
        """;

    /// <summary>The streams that could not be folded then.</summary>
    public string Quarantine => $"""
        (SELECT tenant_id, stream_id, reason FROM past_stream WHERE reason IS NOT NULL
         UNION ALL
         SELECT tenant_id, stream_id, reason FROM {generation.Table("quarantine")} q
         WHERE NOT EXISTS (SELECT 1 FROM past_stream s WHERE s.tenant_id = q.tenant_id AND s.stream_id = q.stream_id)) AS quarantine
        """;

    private string Untouched(string name, string refolded) => Before ? refolded : $"""
        (SELECT * FROM {generation.Table(name)} c WHERE NOT EXISTS (SELECT 1 FROM past_stream s WHERE s.tenant_id = c.tenant_id AND s.stream_id = c.stream_id)
         UNION ALL
         SELECT * FROM {refolded}) AS {name}s
        """;

    // Before anything is published there are no clocks, whatever stands in the log.
    private bool Before => catalogue.Newest is null;

    /// <summary>Makes what the relations are made of.</summary>
    /// <param name="stream">The only stream of interest; null: all.</param>
    /// <param name="ct">Cancels.</param>
    public async Task PrepareAsync(string? stream, CancellationToken ct)
    {
        await RunAsync($"""
            SET LOCAL jit = off;
            CREATE TEMP TABLE past_stream (tenant_id varchar COLLATE "C" NOT NULL, stream_id varchar COLLATE "C" NOT NULL, reason text, PRIMARY KEY (tenant_id, stream_id)) ON COMMIT DROP;
            CREATE TEMP TABLE {Refolded} (LIKE {generation.Table("commitment_clock")}) ON COMMIT DROP;
            CREATE TEMP TABLE {RefoldedOutages} (LIKE {generation.Table("outage")}) ON COMMIT DROP;
            CREATE TEMP TABLE {RefoldedSpans} (LIKE {generation.Table("service_span")}) ON COMMIT DROP;
            CREATE TEMP TABLE {RefoldedExclusions} (LIKE {generation.Table("exclusion")}) ON COMMIT DROP;
            CREATE TEMP TABLE {RefoldedComplaints} (LIKE {generation.Table("complaint")}) ON COMMIT DROP;
            CREATE TEMP TABLE {RefoldedRatings} (LIKE {generation.Table("case_rating")}) ON COMMIT DROP;
            """, ct);
        if (stream is not null)
            await RunAsync("INSERT INTO past_stream VALUES ($1, $2)", ct, centre, stream);
        else
            await TouchAsync(ct);
        await FoldAsync(ct);
        await RunAsync($"ANALYZE past_stream; ANALYZE {Refolded};", ct);
    }

    /// <summary>
    /// Finds the streams whose rows may have been others. A catalogue moves those that have an open clock now: a clock that has ended keeps
    /// the calendar it ended with, one that has not is open in any version, and what could not be folded stands apart.
    /// </summary>
    private async Task TouchAsync(CancellationToken ct)
    {
        await RunAsync($"INSERT INTO past_stream SELECT tenant_id, stream_id FROM {generation.Table("quarantine")} WHERE tenant_id = $1 AND stream_id <> $2", ct, centre, CatalogueLogs.Stream);
        if (Before)
            return;
        // In the same snapshot: it is there.
        var checkpoint = (long)(await generation.CheckpointAsync(connection, ct))!;
        await RunAsync(
            "INSERT INTO past_stream SELECT DISTINCT tenant_id, stream_id FROM public.mt_events WHERE seq_id > $2 AND seq_id <= $3 AND tenant_id = $1 AND type = ANY ($4) ON CONFLICT DO NOTHING",
            ct, centre, asOf.Position, checkpoint, FactTypes);
        // One whose sweep has not ended moves clocks still; a first one, all that came before it, and an order to count again, settled ones.
        await RunAsync($"""
            INSERT INTO past_stream
            SELECT tenant_id, stream_id FROM {generation.Table("commitment_clock")} WHERE tenant_id = $1 AND state = 'open' AND (
                EXISTS (SELECT 1 FROM public.mt_events WHERE tenant_id = $1 AND stream_id = $2 AND seq_id > $3) OR EXISTS (SELECT 1 FROM {generation.Table("catalogue_sweep")} WHERE tenant_id = $1))
            UNION
            SELECT tenant_id, id FROM public.mt_streams WHERE tenant_id = $1 AND type IN ('case', 'complaint', 'outage') AND (
                EXISTS (SELECT 1 FROM {generation.Table("catalogue_sweep")} WHERE tenant_id = $1 AND every) OR EXISTS (SELECT 1 FROM public.mt_events WHERE tenant_id = $1 AND stream_id = $2 AND seq_id > $3 AND type = $4))
            ON CONFLICT DO NOTHING
            """, ct, centre, CatalogueLogs.Stream, asOf.Position, Recalculation.Ordered);
    }

    private async Task FoldAsync(CancellationToken ct)
    {
        var after = "";
        while (true)
        {
            var streams = await NextAsync(after, ct);
            if (streams.Count == 0)
                return;
            var states = streams.ToDictionary(s => s, s => new StreamState(new StreamKey(centre, s)) { RestatedUpTo = long.MaxValue });
            await foreach (var e in EventLog.ReadStreamsAsync(connection, [.. streams.Select(s => (centre, s))], asOf.Position, ct))
                states[e.StreamId].Add(e);
            // What is owed is not asked for.
            var folded = states.Values.Where(s => !s.IsEmpty).AsParallel().Select(s => s.Fold(catalogue, asOf.At)).ToList();
            await CommitmentClock.Table.InsertAsync(connection, Refolded, [.. folded.SelectMany(f => f.Rows)], ct);
            await ServiceTables.InsertPastAsync(connection, RefoldedOutages, RefoldedSpans, RefoldedExclusions, [.. folded.Select(f => f.Services)], ct);
            await CitizenTables.InsertPastAsync(connection, RefoldedComplaints, RefoldedRatings, [.. folded.Select(f => f.Citizens)], ct);
            foreach (var poisoned in folded.Where(f => f.Poison is not null))
                await RunAsync("UPDATE past_stream SET reason = $3 WHERE tenant_id = $1 AND stream_id = $2", ct, centre, poisoned.State.Key.Stream, poisoned.Poison!);
            after = streams[^1];
        }
    }

    private async Task<List<string>> NextAsync(string after, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand("SELECT stream_id FROM past_stream WHERE tenant_id = $1 AND stream_id > $2 ORDER BY stream_id LIMIT $3", connection)
        {
            Parameters = { new() { Value = centre }, new() { Value = after }, new() { Value = StreamsPerBatch } },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var streams = new List<string>();
        while (await reader.ReadAsync(ct))
            streams.Add(reader.GetString(0));
        return streams;
    }

    private async Task RunAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }
}
