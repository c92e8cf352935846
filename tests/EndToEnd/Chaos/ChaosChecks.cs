namespace SlaMonitor.Tests.EndToEnd.Chaos;

/// <summary>What has to be true in the end, said in SQL over the log. None of it shares code with the program.</summary>
internal static class ChaosChecks
{
    public const string ReadModel = $"SELECT stream_id, commitment, started_at, stopped_at, due_at, state, settled_at FROM sla.commitment_clock WHERE tenant_id = '{ChaosCases.Centre}'";

    /// <summary>What each clock should be, from the log alone.</summary>
    /// <remarks>
    /// A pause counts if it began before the end, and puts off a due that lies after its beginning; while it lasts there is no due.
    /// An extension counts up to the cap if it was granted before the end and not after the due of that moment. The term is that of
    /// the catalogue published last before the case was recorded.
    /// </remarks>
    public static string Recount { get; } = $"""
        WITH facts AS (
            SELECT stream_id,
                   min(at) FILTER (WHERE type = 'case_received') AS started,
                   min(seq_id) FILTER (WHERE type = 'case_received') AS position,
                   min(at) FILTER (WHERE type = 'case_decided') AS decided,
                   min(at) FILTER (WHERE type = 'case_applicant_notified') AS notified,
                   min(at) FILTER (WHERE type = 'case_withdrawn') AS withdrawn,
                   min(at) FILTER (WHERE type = 'case_special_procedure_started' AND data ->> 'cause' = '{ChaosCases.Counting}') AS paused,
                   min(at) FILTER (WHERE type = 'case_special_procedure_ended' AND data ->> 'procedure' = '1') AS resumed,
                   min(at) FILTER (WHERE type = 'case_extension_granted' AND data ->> 'approver' = '{ChaosCases.Approver}') AS extended,
                   least(min((data #>> '{"{add,elapsed}"}')::interval), interval '{ChaosCases.ExtensionCapSeconds} seconds') AS added
            FROM (SELECT stream_id, seq_id, type, (data ->> 'occurredAt')::timestamptz AS at, data -> 'data' AS data FROM mt_events
                  WHERE tenant_id = '{ChaosCases.Centre}' AND stream_id LIKE 'case/%') e
            GROUP BY stream_id),
        catalogued AS (
            SELECT *, (SELECT data #> '{"{data,content,commitments}"}' FROM mt_events WHERE tenant_id = '{ChaosCases.Centre}' AND stream_id = 'catalogue/main' AND seq_id < position
                       ORDER BY seq_id DESC LIMIT 1) AS promises FROM facts),
        promised AS (
            SELECT *, 'chaos.short' AS commitment, (promises #>> '{"{0,limit,elapsed}"}')::interval AS term, least(decided, withdrawn) AS ended FROM catalogued
            UNION ALL
            SELECT *, 'chaos.long', (promises #>> '{"{1,limit,elapsed}"}')::interval,
                   least(CASE WHEN decided IS NOT NULL AND notified IS NOT NULL THEN greatest(decided, notified) END, withdrawn) FROM catalogued),
        counting AS (
            SELECT *, CASE WHEN paused < coalesce(ended, 'infinity') THEN paused END AS held,
                   CASE WHEN resumed < coalesce(ended, 'infinity') THEN resumed END AS let_go,
                   CASE WHEN extended < coalesce(ended, 'infinity') THEN extended END AS granted
            FROM promised WHERE started IS NOT NULL),
        plain AS (
            SELECT *, {Due("term")} AS first_due FROM counting),
        full_term AS (
            SELECT *, term + CASE WHEN granted IS NOT NULL AND NOT coalesce(first_due < granted, false) THEN added ELSE interval '0' END AS whole FROM plain),
        due AS (
            SELECT *, {Due("whole")} AS due FROM full_term),
        judged AS (
            SELECT *, CASE WHEN ended IS NULL THEN 'open' WHEN due < ended THEN 'breached' WHEN ended = withdrawn THEN 'void' ELSE 'met' END AS state FROM due)
        SELECT stream_id, commitment, started, ended, due, state,
               CASE state WHEN 'met' THEN ended WHEN 'breached' THEN due - interval '1 microsecond' END
        FROM judged
        """;

    /// <summary>Streams whose versions are not 1, 2, 3, … in the order of positions, or whose head says something else.</summary>
    public const string BrokenStreams = """
        SELECT s.tenant_id || ' ' || s.id || ': version ' || s.version || ', ' || coalesce(e.events, 0) || ' events up to ' || coalesce(e.newest, 0) || CASE WHEN e.unordered THEN ', out of order' ELSE '' END
        FROM mt_streams s FULL JOIN (
            SELECT tenant_id, stream_id, count(*) AS events, min(version) AS oldest, max(version) AS newest, bool_or(seq_id < before) AS unordered
            FROM (SELECT *, lag(seq_id) OVER (PARTITION BY tenant_id, stream_id ORDER BY version) AS before FROM mt_events) v GROUP BY 1, 2) e
          ON e.tenant_id = s.tenant_id AND e.stream_id = s.id
        WHERE s.version IS DISTINCT FROM e.newest OR e.oldest <> 1 OR e.events <> e.newest OR e.unordered
        """;

    /// <summary>Every case event stored, one line each.</summary>
    public const string Stored = $"""
        SELECT concat_ws('|', data ->> 'id', stream_id, type, data ->> 'occurredAt', data ->> 'source')
        FROM mt_events WHERE tenant_id <> '{ChaosCases.Centre}' OR (stream_id NOT LIKE 'catalogue/%' AND stream_id NOT LIKE 'clock/%')
        """;

    /// <summary>Rows of one query that the other has not, both ways, each with its side.</summary>
    public static string Differences(string left, string right) => $"""
        WITH l AS ({left}), r AS ({right})
        SELECT 'only left: ' || d::text FROM (SELECT * FROM l EXCEPT SELECT * FROM r) d
        UNION ALL
        SELECT 'only right: ' || d::text FROM (SELECT * FROM r EXCEPT SELECT * FROM l) d
        """;

    private static string Due(string term) => $"""
        CASE WHEN held IS NULL OR started + {term} < held THEN started + {term}
             WHEN let_go IS NULL THEN NULL
             ELSE started + {term} + (let_go - held) END
        """;
}
