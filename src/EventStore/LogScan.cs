using Npgsql;

namespace SlaMonitor.EventStore;

/// <summary>Positions from First to Last, both included.</summary>
internal readonly record struct PositionRange(long First, long Last);

/// <summary>What the log holds above a mark, up to a horizon: ranges of positions that are events or recorded as skipped, by first position.
/// What they leave out is holes. Ranges, because one aborted import leaves a hole of a million positions.</summary>
internal sealed class LogScan
{
    // Runs of consecutive positions share the difference between position and rank. Only positions leave the index; no event is read.
    private const string Ranges = """
        WITH positions AS (
            SELECT seq_id FROM public.mt_events WHERE seq_id > $1 AND seq_id <= $2 ORDER BY seq_id LIMIT $3),
        skips AS (
            SELECT starting_sequence, ending_sequence FROM public.mt_high_water_skips WHERE ending_sequence > $1
            ORDER BY ending_sequence LIMIT $3)
        SELECT min(seq_id), max(seq_id), count(*), false
        FROM (SELECT seq_id, seq_id - row_number() OVER (ORDER BY seq_id) AS run FROM positions) p GROUP BY run
        UNION ALL
        SELECT starting_sequence, ending_sequence, 1, true FROM skips
        ORDER BY 1
        """;

    private readonly List<(PositionRange Range, bool Skip)> _ranges;
    private readonly long _horizon;

    private LogScan(List<(PositionRange Range, bool Skip)> ranges, long horizon) => (_ranges, _horizon) = (ranges, horizon);

    /// <summary>Reads it in one statement.</summary>
    /// <param name="connection">In no transaction.</param>
    /// <param name="mark">Where the log is settled already.</param>
    /// <param name="drawn">The last position drawn; the horizon, unless the chunk is full before.</param>
    /// <param name="chunkSize">The most events, and the most skips, to look at.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<LogScan> ReadAsync(NpgsqlConnection connection, long mark, long drawn, int chunkSize, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Ranges, connection)
        {
            Parameters = { new() { Value = mark }, new() { Value = drawn }, new() { Value = chunkSize } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var ranges = new List<(PositionRange, bool)>();
        var (events, lastEvent, skips, lastSkip) = (0L, mark, 0L, mark);
        while (await reader.ReadAsync(ct))
        {
            var range = new PositionRange(reader.GetInt64(0), reader.GetInt64(1));
            ranges.Add((range, reader.GetBoolean(3)));
            if (reader.GetBoolean(3))
                (skips, lastSkip) = (skips + 1, Math.Max(lastSkip, range.Last));
            else
                (events, lastEvent) = (events + reader.GetInt64(2), Math.Max(lastEvent, range.Last));
        }
        var horizon = Math.Min(events == chunkSize ? lastEvent : drawn, skips == chunkSize ? lastSkip : drawn);
        return new(ranges, horizon);
    }

    /// <summary>How far the mark gets when holes are dead up to a floor, and the holes it passes.</summary>
    /// <param name="mark">Where it stands.</param>
    /// <param name="floor">The lowest floor of a living holder.</param>
    public (long Mark, List<PositionRange> Holes) Advance(long mark, long floor)
    {
        var holes = new List<PositionRange>();
        foreach (var (range, skip) in _ranges.Append((new(_horizon + 1, _horizon), false)))
        {
            var hole = new PositionRange(mark + 1, Math.Min(range.First - 1, _horizon));
            if (hole.First <= hole.Last)
            {
                var dead = hole with { Last = Math.Min(hole.Last, floor) };
                if (dead.First <= dead.Last)
                    holes.Add(dead);
                mark = Math.Max(mark, dead.Last);
                if (dead != hole)
                    break;
            }
            // A recorded skip may be of a follower that was killed before it had looked at the locks again: who inserted before the record
            // and lives can still commit there, so a skip is passed no further than any hole.
            var end = Math.Min(range.Last, _horizon);
            mark = Math.Max(mark, skip ? Math.Min(end, floor) : end);
            if (mark < end)
                break;
        }
        return (mark, holes);
    }
}
