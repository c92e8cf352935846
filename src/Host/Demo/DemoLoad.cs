using System.Threading.Channels;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Demo;

/// <summary>Loads a made-up history into a centre that has no cases, all of it or nothing.</summary>
/// <param name="Appended">Events now in the log.</param>
/// <param name="Duplicates">Events that were sent twice, and dropped.</param>
/// <param name="Planted">Each case in which something was done to a figure, and what.</param>
internal sealed record DemoLoad(long Appended, long Duplicates, IReadOnlyList<(string Case, Misconduct Kind)> Planted)
{
    // "sla" and a letter in ASCII: one load at a time.
    private const long Turn = 0x736C616D;
    private const int BatchesAhead = 2;

    // The log may hold more than catalogues, of other centres: then it was settled at times that are written down already.
    private const string OnlyCatalogues = "SELECT NOT EXISTS (SELECT 1 FROM public.mt_streams WHERE type IN ('case', 'complaint', 'outage', 'maintenance', 'service'))";

    /// <summary>Loads what arrives up to a moment; null when the centre has cases already.</summary>
    /// <param name="database">A prepared database.</param>
    /// <param name="catalogue">The hall's.</param>
    /// <param name="plan">Which history.</param>
    /// <param name="outages">Those of the department beside it; null: none.</param>
    /// <param name="sealing">Seals what is personal.</param>
    /// <param name="until">The last moment, not in the future.</param>
    /// <param name="progress">Told how much of how much is done.</param>
    /// <param name="ct">Cancels; then nothing is stored.</param>
    public static async Task<DemoLoad?> RunAsync(NpgsqlDataSource database, Catalogue catalogue, DemoPlan plan, OutageDemo? outages, DemoSealing sealing, Instant until, Action<long, long> progress, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var turn = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Turn})", connection))
            await turn.ExecuteNonQueryAsync(ct);
        if (await new Centres(database).HasCasesAsync(DemoPlan.Centre, ct))
            return null;
        bool first;
        await using (var ask = new NpgsqlCommand(OnlyCatalogues, connection))
            first = await ask.ExecuteScalarAsync(ct) is true;
        // As with cases: what is made up does not belong among what was reported.
        if (outages is not null && await OutageLive.HasFactsAsync(database, ct))
            outages = null;
        var loaded = await AppendAsync(connection, new HallDemo(catalogue, plan), outages, sealing, plan, until, progress, ct);
        if (first)
            await SettledPositions.WriteHistoryAsync(connection, DemoPlan.Centre, until, ct);
        await KeptPlan.WriteAsync(connection, plan, ct);
        if (outages is not null)
            await KeptPlan.WriteAsync(connection, outages.Plan, ct);
        await transaction.CommitAsync(ct);
        return loaded;
    }

    /// <summary>One task makes events, and the other appends them.</summary>
    private static async Task<DemoLoad> AppendAsync(NpgsqlConnection connection, HallDemo hall, OutageDemo? outages, DemoSealing sealing, DemoPlan plan, Instant until, Action<long, long> progress, CancellationToken ct)
    {
        var start = plan.From.AtMidnight().InZoneLeniently(hall.Zone).ToInstant();
        var (batches, planted) = (Channel.CreateBounded<Batch>(BatchesAhead), new List<(string, Misconduct)>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var making = Task.Run(() => MakeAsync(Batches(Until(hall.Events(plan.From)), outages is null ? [] : Until(outages.Events(outages.Plan.From))), planted, batches.Writer, stop.Token), CancellationToken.None);
        var (appended, duplicates) = (0L, 0L);
        try
        {
            await foreach (var (centre, events, at) in batches.Reader.ReadAllAsync(ct))
            {
                var result = await EventLog.AppendWithinAsync(connection, centre, await sealing.SealAsync(centre, events, ct), ct);
                (appended, duplicates) = (appended + result.Appended, duplicates + result.Duplicates);
                progress((long)(at - start).TotalSeconds, (long)(until - start).TotalSeconds);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await making;
        }

        return new DemoLoad(appended, duplicates, [.. planted.Distinct()]);

        IEnumerable<DemoEvent> Until(IEnumerable<DemoEvent> events) => events.TakeWhile(e => e.RecordedAt <= until);
    }

    /// <summary>
    /// What of both arrives, centre by centre as it is appended. Outages wait for the end of the hour they arrive in, which is as close as the past of a
    /// history can be asked for, so that the hall's batches stay large.
    /// </summary>
    private static IEnumerable<(string Centre, List<DemoEvent> Events)> Batches(IEnumerable<DemoEvent> hall, IEnumerable<DemoEvent> outages)
    {
        var batch = new List<DemoEvent>();
        using var beside = outages.GetEnumerator();
        var more = beside.MoveNext();
        foreach (var told in hall)
        {
            if (more && HourOf(beside.Current) < HourOf(told))
            {
                yield return (DemoPlan.Centre, batch);
                var before = new List<DemoEvent>();
                for (; more && HourOf(beside.Current) < HourOf(told); more = beside.MoveNext())
                    before.Add(beside.Current);
                yield return (OutagePlan.Centre, before);
                batch = [];
            }

            batch.Add(told);
            if (batch.Count < EventLog.MaxEventsPerTransaction)
                continue;
            yield return (DemoPlan.Centre, batch);
            batch = [];
        }

        yield return (DemoPlan.Centre, batch);
        var last = new List<DemoEvent>();
        for (; more; more = beside.MoveNext())
            last.Add(beside.Current);
        yield return (OutagePlan.Centre, last);
    }

    private static long HourOf(DemoEvent told) => told.RecordedAt.ToUnixTimeSeconds() / 3600;

    private static async Task MakeAsync(IEnumerable<(string Centre, List<DemoEvent> Events)> made, List<(string Case, Misconduct Kind)> planted, ChannelWriter<Batch> batches, CancellationToken ct)
    {
        try
        {
            foreach (var (centre, events) in made)
            {
                if (events.Count == 0)
                    continue;
                planted.AddRange(events.Where(e => e.Proof is not null).Select(e => (e.Case, e.Proof!.Value)));
                await batches.WriteAsync(new Batch(centre, events.ConvertAll(e => e.Arrived()), events[^1].RecordedAt), ct);
            }

            batches.Complete();
        }
        catch (Exception fault)
        {
            batches.Complete(fault);
        }
    }

    /// <summary>What is appended at a stroke, and when the last of it arrived.</summary>
    private readonly record struct Batch(string Centre, List<EventToAppend> Events, Instant At);
}
