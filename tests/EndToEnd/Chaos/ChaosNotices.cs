namespace SlaMonitor.Tests.EndToEnd.Chaos;

/// <summary>What has to be true of the notices in the end, said in SQL over the log and the recount.</summary>
internal static class ChaosNotices
{
    private const string Notices = $"""
        SELECT type, data #>> '{"{data,clock,stream}"}' AS stream_id, data #>> '{"{data,clock,commitment}"}' AS commitment,
               coalesce(data #>> '{"{data,clock,key}"}', '') AS key, (data #>> '{"{data,clock,ordinal}"}')::int AS ordinal,
               data #>> '{"{data,level}"}' AS level, (data #>> '{"{data,crossing}"}')::int AS crossing, (data #>> '{"{data,at}"}')::timestamptz AS at, seq_id, timestamp
        FROM mt_events WHERE tenant_id = '{ChaosCases.Centre}' AND stream_id LIKE 'clock/%'
        """;

    /// <summary>Streams of ours hold what is ours, and of that each once.</summary>
    public const string NotOnce = $"""
        SELECT n.type || ' of ' || coalesce(stream_id, '?') || ' ' || coalesce(commitment, '?') || ' level ' || coalesce(level, '?') || ' crossing ' || coalesce(crossing::text, '?') || ': ' || count(*) || ' times'
        FROM ({Notices}) n GROUP BY n.type, stream_id, commitment, key, ordinal, level, crossing
        HAVING count(*) > 1 OR num_nulls(stream_id, commitment, ordinal, level, crossing) > 0
            OR n.type NOT IN ('commitment_due_soon', 'commitment_breached', 'commitment_escalated', 'commitment_breach_retracted')
        """;

    /// <summary>Notices that were given before what they tell had happened, or more than a day after.</summary>
    public const string Untimely = $"""
        SELECT n.type || ' of ' || n.stream_id || ' for ' || n.at || ' was given at ' || n.timestamp FROM ({Notices}) n
        WHERE n.type <> 'commitment_breach_retracted' AND (n.at >= n.timestamp OR n.at < n.timestamp - interval '24 hours')
        """;

    /// <summary>
    /// Clocks that the breaches told and taken back do not fit: what is breached and fell due since the first host started has one
    /// that stands, what is not breached has none, and what was due before then one at most.
    /// </summary>
    public static string WrongBreaches(string runStarted) => $"""
        WITH recount (stream_id, commitment, started, ended, due, state, settled) AS ({ChaosChecks.Recount}),
        told AS (
            SELECT stream_id, commitment, count(*) FILTER (WHERE type = 'commitment_breached') AS told,
                   count(*) FILTER (WHERE type = 'commitment_breach_retracted') AS retracted
            FROM ({Notices}) n GROUP BY 1, 2),
        standing AS (
            SELECT r.*, coalesce(told, 0) AS told, coalesce(retracted, 0) AS retracted, coalesce(told, 0) - coalesce(retracted, 0) AS stands,
                   due < clock_timestamp() AND (ended IS NULL OR due < ended) AS breached
            FROM recount r LEFT JOIN told USING (stream_id, commitment))
        SELECT concat_ws(' ', stream_id, commitment, state, 'started', started, 'ended', ended, 'due', due, 'told', told, 'retracted', retracted) FROM standing
        WHERE stands <> CASE WHEN breached IS NOT TRUE THEN 0 WHEN due >= '{runStarted}' THEN 1 ELSE greatest(0, least(1, stands)) END
        """;
}
