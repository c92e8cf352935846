using Npgsql;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Makes a new generation of the read models of the whole log, beside the one readers see, and puts it in its place. Ingest and
/// projection go on; killed anywhere, nothing has changed but for tables that the next host clears away.
/// </summary>
/// <param name="dataSource">The database.</param>
/// <param name="progress">Told how many of how many positions have been read.</param>
public sealed class Rebuild(NpgsqlDataSource dataSource, Action<long, long> progress)
{
    // "sla" and a letter in ASCII: one rebuild at a time, held by its session.
    internal const long Lock = 0x736C6169;

    // Positions that are worked off while the old checkpoint is held: some pages.
    private const long NearEnough = 50_000;

    // While it is tried nothing is projected: some seconds, and then the backlog is worked off first.
    private const int SwitchTries = 20;

    private static readonly TimeSpan SwitchRetry = TimeSpan.FromMilliseconds(200);

    /// <summary>Rebuilds and switches.</summary>
    /// <returns>The position the new generation had reached when readers were switched to it.</returns>
    /// <exception cref="RebuildRefusedException">Another rebuild runs, or a newer program's read models are in use.</exception>
    public async Task<long> RunAsync(CancellationToken ct)
    {
        var reached = 0L;
        return await TryInTurnAsync(async (session, active) => reached = await RunAsync(session, active, ct), ct)
            ? reached : throw new RebuildRefusedException("another rebuild of this database is running; wait until it has ended");
    }

    /// <summary>Rebuilds and switches if the read models in use are those of an older program.</summary>
    /// <returns>False when another rebuild runs, which may make them new.</returns>
    internal Task<bool> TryRenewAsync(CancellationToken ct) =>
        TryInTurnAsync((session, active) => active.Version < Generation.CurrentVersion ? RunAsync(session, active, ct) : Task.CompletedTask, ct);

    private async Task<bool> TryInTurnAsync(Func<NpgsqlConnection, Generation, Task> run, CancellationToken ct)
    {
        await using var session = await dataSource.OpenConnectionAsync(ct);
        await using (var turn = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Lock})", session))
        {
            if (await turn.ExecuteScalarAsync(ct) is not true)
                return false;
        }

        try
        {
            await run(session, (await Generations.ActiveAsync(session, ct))!);
            await Generations.DropUnusedAsync(dataSource, ct);
            return true;
        }
        finally
        {
            // The pool hands the session on.
            await using var release = new NpgsqlCommand($"SELECT pg_advisory_unlock({Lock})", session);
            if (session.State == System.Data.ConnectionState.Open)
                await release.ExecuteScalarAsync(CancellationToken.None);
        }
    }

    private async Task<long> RunAsync(NpgsqlConnection session, Generation active, CancellationToken ct)
    {
        if (active.Version > Generation.CurrentVersion)
            throw new RebuildRefusedException($"the read models are of version {active.Version}, made by a newer program; this one knows {Generation.CurrentVersion}");
        var settled = await SettledAsync(session, active, ct);
        Generation next;
        await using (var transaction = await session.BeginTransactionAsync(ct))
        {
            next = await Generations.AddAsync(session, "building", ct);
            await transaction.CommitAsync(ct);
        }

        await FillAsync(session, next, settled, ct);
        var page = new Page(new Workspace(dataSource, next));
        await using var mark = new HighWaterMark(dataSource, settled);
        while (true)
        {
            // While more comes in than is worked off, the end is never reached; the old generation's checkpoint does not move faster.
            PageResult last;
            do
                last = await page.RunAsync(await mark.PollToEndAsync(ct), mark.PolledAt, ct);
            while (last.More && last.Checkpoint + NearEnough < await active.CheckpointAsync(session, ct));
            if (await TrySwitchAsync(page, next, active, ct) is { } reached)
                return reached;
            await Task.Delay(SwitchRetry, ct);
        }
    }

    /// <summary>A position that is settled now.</summary>
    private async Task<long> SettledAsync(NpgsqlConnection session, Generation active, CancellationToken ct)
    {
        await using var mark = new HighWaterMark(dataSource, await active.CheckpointAsync(session, ct) ?? 0);
        return await mark.PollToEndAsync(ct);
    }

    private async Task FillAsync(NpgsqlConnection session, Generation next, long mark, CancellationToken ct)
    {
        var log = await LoadAsync(session, next, mark, ct);
        await next.IndexAsync(session, ct);
        await using (var analyze = new NpgsqlCommand($"ANALYZE {next.Table("service_span")}", session))
            await analyze.ExecuteNonQueryAsync(ct);
        foreach (var (centre, catalogue) in log.Catalogues)
            await ServiceCounts.ComputeAllAsync(session, next, catalogue, centre, ct);
        await ComplianceDaily.ComputeAllAsync(session, next, ct);
        await ComplianceSums.ComputeAllAsync(session, next, ct);
        await SatisfactionDaily.ComputeAllAsync(session, next, ct);
        await log.Sources.WriteAsync(session, next, ct);
        await ClockNotices.SuspectAsync(session, next, ct);
        await using var end = new NpgsqlBatch(session)
        {
            Timeout = 0,
            BatchCommands =
            {
                new($"ANALYZE {next.Table("commitment_clock")}, {next.Table("compliance_daily")}, {next.Table("compliance_monthly")}, {next.Table("compliance_total")}, {next.Table("complaint")}, {next.Table("case_rating")}"),
                new("UPDATE public.mt_event_progression SET last_seq_id = $2 WHERE name = $1") { Parameters = { new() { Value = next.Checkpoint }, new() { Value = mark } } },
            },
        };
        await end.ExecuteNonQueryAsync(ct);
    }

    private async Task<WholeLog> LoadAsync(NpgsqlConnection session, Generation next, long mark, CancellationToken ct)
    {
        var log = new WholeLog(new CatalogueLogs(new EventLog(dataSource)), mark, await ServerClock.NowAsync(session, ct));
        await using var reader = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await reader.BeginTransactionAsync(ct);
        await log.FoldAsync(reader, [], async batch =>
        {
            await CommitmentClock.Table.InsertAsync(session, next, [.. batch.Streams.SelectMany(f => f.Rows)], ct);
            await Anomalies.Table.InsertAsync(session, next, [.. batch.Streams.SelectMany(f => f.Anomalies)], ct);
            await CaseRestatements.Table.InsertAsync(session, next, [.. batch.Streams.SelectMany(f => f.Restatements)], ct);
            await ServiceTables.InsertAsync(session, next, [.. batch.Streams.Select(f => f.Services)], ct);
            await CitizenTables.InsertAsync(session, next, [.. batch.Streams.Select(f => f.Citizens)], ct);
            await ClockNotices.Table.InsertAsync(session, next, batch.Told, ct);
            await Quarantine.InsertAsync(session, next, [.. batch.Streams.Where(f => f.Poison is not null).Select(f => (f.State.Key, f.Poison!))], mark, ct);
            progress(log.Done, mark);
        }, ct);
        await Quarantine.InsertAsync(session, next, [.. log.UnreadableCatalogues], mark, ct);
        return log;
    }

    /// <summary>
    /// Holds the old checkpoint, so that it moves no further, brings the new generation past it, and changes the views. Readers
    /// queue behind the change for less than a second; then it gives way, and is tried again.
    /// </summary>
    /// <returns>The new checkpoint; null when somebody was in the way.</returns>
    private async Task<long?> TrySwitchAsync(Page page, Generation next, Generation active, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            var old = (long)(await active.CheckpointAsync(connection, ct, "FOR UPDATE"))!;
            var now = await ServerClock.NowAsync(connection, ct);
            PageResult last;
            do
                last = await page.RunAsync(old, now, ct);
            while (last.More);
            if (last.Checkpoint < old)
                return null;
            // For each view: readers queue behind it, and are not to wait for a second together.
            await using (var patience = new NpgsqlCommand("SET LOCAL lock_timeout = '100ms'; SAVEPOINT level", connection))
                await patience.ExecuteNonQueryAsync(ct);
            for (var times = 0; times < SwitchTries; times++)
            {
                if (await TryActivateAsync(connection, next, active, ct))
                {
                    await transaction.CommitAsync(ct);
                    return last.Checkpoint;
                }

                await transaction.RollbackAsync("level", ct);
                await Task.Delay(SwitchRetry, ct);
            }

            return null;
        }
        catch (PostgresException broken) when (broken.SqlState == PostgresErrorCodes.DeadlockDetected)
        {
            return null;
        }
    }

    private static async Task<bool> TryActivateAsync(NpgsqlConnection connection, Generation next, Generation active, CancellationToken ct)
    {
        try
        {
            await Generations.ActivateAsync(connection, next, active, ct);
            return true;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }
}

/// <summary>A rebuild that cannot be begun; the message says why.</summary>
/// <param name="message">What is in the way.</param>
public sealed class RebuildRefusedException(string message) : Exception(message);
