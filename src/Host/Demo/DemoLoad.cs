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
    private const string OnlyCatalogues = "SELECT NOT EXISTS (SELECT 1 FROM public.mt_streams WHERE type = 'case')";

    /// <summary>Loads what arrives up to a moment; null when the centre has cases already.</summary>
    /// <param name="database">A prepared database.</param>
    /// <param name="catalogue">The hall's.</param>
    /// <param name="plan">Which history.</param>
    /// <param name="until">The last moment, not in the future.</param>
    /// <param name="progress">Told how much of how much is done.</param>
    /// <param name="ct">Cancels; then nothing is stored.</param>
    public static async Task<DemoLoad?> RunAsync(NpgsqlDataSource database, Catalogue catalogue, DemoPlan plan, Instant until, Action<long, long> progress, CancellationToken ct)
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
        var loaded = await AppendAsync(connection, new HallDemo(catalogue, plan), plan, until, progress, ct);
        if (first)
            await SettledPositions.WriteHistoryAsync(connection, DemoPlan.Centre, until, ct);
        await KeptPlan.WriteAsync(connection, plan, ct);
        await transaction.CommitAsync(ct);
        return loaded;
    }

    /// <summary>One task makes events, and the other appends them.</summary>
    private static async Task<DemoLoad> AppendAsync(NpgsqlConnection connection, HallDemo hall, DemoPlan plan, Instant until, Action<long, long> progress, CancellationToken ct)
    {
        var start = plan.From.AtMidnight().InZoneLeniently(hall.Zone).ToInstant();
        var (batches, planted) = (Channel.CreateBounded<(List<EventToAppend> Events, Instant At)>(BatchesAhead), new List<(string, Misconduct)>());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var making = Task.Run(() => MakeAsync(hall.Events(plan.From).TakeWhile(e => e.RecordedAt <= until), planted, batches.Writer, stop.Token), CancellationToken.None);
        var (appended, duplicates) = (0L, 0L);
        try
        {
            await foreach (var (events, at) in batches.Reader.ReadAllAsync(ct))
            {
                var result = await EventLog.AppendWithinAsync(connection, DemoPlan.Centre, events, ct);
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
    }

    private static async Task MakeAsync(IEnumerable<DemoEvent> events, List<(string Case, Misconduct Kind)> planted, ChannelWriter<(List<EventToAppend> Events, Instant At)> batches, CancellationToken ct)
    {
        try
        {
            foreach (var batch in events.Chunk(EventLog.MaxEventsPerTransaction))
            {
                var appending = new List<EventToAppend>(batch.Length);
                foreach (var told in batch)
                {
                    appending.Add(told.Arrived());
                    if (told.Proof is { } kind)
                        planted.Add((told.Case, kind));
                }

                await batches.WriteAsync((appending, batch[^1].RecordedAt), ct);
            }

            batches.Complete();
        }
        catch (Exception fault)
        {
            batches.Complete(fault);
        }
    }
}
