using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.EventStore;

namespace SlaMonitor.Projections.Engine;

/// <summary>
/// Tells of what time alone has changed: works off the due-time index in pages and appends the notices in the transaction that
/// remembers them, so that each is in the log once, whatever is killed when.
/// </summary>
internal sealed class Timers(Workspace work)
{
    private const int MaxStreams = 1_000;

    /// <summary>Tells what is owed.</summary>
    /// <param name="now">By the database's clock; every fact recorded by then has been projected.</param>
    /// <param name="ct">Cancels; a page cut off never was.</param>
    /// <returns>How many notices were appended, and whether there may be more to do at once.</returns>
    public async Task<(int Notices, bool More)> RunAsync(Instant now, CancellationToken ct)
    {
        await using var turn = await work.TryBeginAsync(ct);
        if (turn is null)
            return default;
        var keys = await DueAsync(turn.Connection, now, ct);
        if (keys.Count == 0)
        {
            turn.Leave();
            return default;
        }

        var states = await work.States.LoadAsync(turn.Connection, work.Generation, keys, _ => false, turn.Checkpoint, ct);
        var (notices, told) = (new List<(string Centre, ClockNotice Notice)>(), new List<ClockNoticeRow>());
        foreach (var state in states)
        {
            var owed = state.Owed(await work.Catalogues.OfAsync(state.Key.Centre, turn.Checkpoint, ct), now);
            notices.AddRange(owed.Select(n => (state.Key.Centre, n)));
            told.AddRange(state.Tell(owed));
        }

        await ClockNotices.Table.UpsertAsync(turn.Connection, work.Generation, told, ct);
        await work.Stages.RunAsync(turn.Connection, states, [], turn.Checkpoint, now, ct);
        foreach (var centre in notices.GroupBy(n => n.Centre, n => n.Notice).OrderBy(g => g.Key, StringComparer.Ordinal))
            await EventLog.AppendWithinAsync(turn.Connection, centre.Key, [.. centre.Select(n => ToAppend(centre.Key, n))], ct);
        await turn.CommitAsync(turn.Checkpoint, ct);
        work.States.Trim(0);
        return (notices.Count, keys.Count >= MaxStreams);
    }

    private static EventToAppend ToAppend(string centre, ClockNotice notice)
    {
        var reported = NoticeJson.Write(notice);
        return new EventToAppend(EventId.From(centre, reported.Source, reported.SenderId), reported.Stream, NoticeJson.StreamType, reported.Type, NoticeJson.DotnetType, EventJson.Write(reported));
    }

    private async Task<HashSet<StreamKey>> DueAsync(NpgsqlConnection connection, Instant now, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand($"""
            (SELECT c.tenant_id, c.stream_id FROM {work.Generation.Table("commitment_clock")} c
             WHERE c.next_notice_at < $1 AND NOT {SourceHold.Holds("c.tenant_id", "c.source", "$1")} ORDER BY c.next_notice_at LIMIT $2)
            UNION ALL
            (SELECT tenant_id, stream_id FROM {work.Generation.Table("clock_notice")} WHERE retract LIMIT $2)
            """, connection) { Parameters = { new() { Value = now.ToDateTimeUtc() }, new() { Value = MaxStreams } } };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var keys = new HashSet<StreamKey>();
        while (await reader.ReadAsync(ct))
            keys.Add(new StreamKey(reader.GetString(0), reader.GetString(1)));
        return keys;
    }
}
