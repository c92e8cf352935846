using NodaTime;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>Complaints and ratings: whatever comes late, twice or out of order, the read models are what the facts say.</summary>
public class CitizenProjectionTests
{
    private const string Zone = "Asia/Shanghai";

    /// <summary>
    /// Worked out from the log by SQL alone, by the rules of docs/events.md and not by our code: a finished case's last state, and of its ratings the last that was given
    /// and not voided after, or else the first silence.
    /// </summary>
    private const string Recount = $"""
        WITH e AS (
            SELECT stream_id, type, data->'data' AS d, (data->>'occurredAt')::timestamptz AS at, id FROM public.mt_events WHERE stream_id LIKE 'case/%' AND NOT is_archived),
        o AS (SELECT stream_id, max(at) AS reopened FROM e WHERE type = 'case_reopened' GROUP BY 1),
        f AS (
            SELECT stream_id, min(at) FILTER (WHERE type IN ('case_decided', 'case_closed')) AS done, min(at) FILTER (WHERE type IN ('case_withdrawn', 'case_returned', 'case_not_accepted')) AS ended
            FROM e LEFT JOIN o USING (stream_id) WHERE reopened IS NULL OR at > reopened GROUP BY 1),
        g AS (SELECT stream_id, max(at) AS given FROM e WHERE type = 'case_rated' AND NOT coalesce((d->>'defaulted')::boolean, false) GROUP BY 1),
        s AS (SELECT stream_id, max(at) AS silent FROM e WHERE type = 'case_rated' AND (d->>'defaulted')::boolean GROUP BY 1),
        v AS (SELECT stream_id, max(at) AS voided FROM e WHERE type = 'case_rating_voided' GROUP BY 1),
        r AS (
            SELECT (done AT TIME ZONE '{Zone}')::date AS day, given IS NOT NULL AND (voided IS NULL OR voided < given) AS counts, given IS NOT NULL AND voided > given AS void, given IS NULL AND silent IS NOT NULL AS silent,
                   (SELECT (d->>'score')::int FROM e WHERE e.stream_id = f.stream_id AND type = 'case_rated' AND at = given LIMIT 1) AS score
            FROM f LEFT JOIN g USING (stream_id) LEFT JOIN s USING (stream_id) LEFT JOIN v USING (stream_id) WHERE done IS NOT NULL AND ended IS NULL)
        SELECT day, count(*) AS finished, count(*) FILTER (WHERE counts) AS given, count(*) FILTER (WHERE silent) AS defaulted, count(*) FILTER (WHERE void) AS voided,
               count(*) FILTER (WHERE counts AND score = 1) AS s1, count(*) FILTER (WHERE counts AND score = 2) AS s2, count(*) FILTER (WHERE counts AND score = 3) AS s3,
               count(*) FILTER (WHERE counts AND score = 4) AS s4, count(*) FILTER (WHERE counts AND score = 5) AS s5
        FROM r GROUP BY 1
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Page_by_page_is_what_a_rebuild_makes_what_verification_derives_and_what_SQL_counts(int seed)
    {
        await using var hall = await Hall.EmptyAsync();
        var facts = new CitizenFacts(seed).Take(900).ToList();
        await hall.AppendAsync(facts.Take(200));
        await hall.CatchUpAsync();
        await hall.PublishAsync("1", "09:00-17:00", Zone);
        foreach (var some in facts.Skip(200).Chunk(60))
        {
            await hall.AppendAsync(some);
            await hall.CatchUpAsync();
        }

        await hall.AppendAsync(facts.Take(30));
        await hall.PublishAsync("2", "09:00-18:00", Zone);
        await hall.CatchUpAsync();
        await hall.VerifyAsync();
        var incremental = await AllAsync(hall);
        Assert.All(incremental, Assert.NotEmpty);
        Assert.Equal(await hall.RowsAsync(Recount), await hall.RowsAsync("SELECT day, finished, given, defaulted, voided, score1, score2, score3, score4, score5 FROM sla.satisfaction_daily"));
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        Assert.Equal(incremental, await AllAsync(hall));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public async Task As_of_a_position_is_what_a_log_that_ends_there_makes(int seed)
    {
        var facts = new CitizenFacts(seed).Take(400).ToList();
        await using Hall whole = await Hall.CreateAsync(), part = await Hall.CreateAsync();
        await part.AppendAsync(facts.Take(250));
        await part.CatchUpAsync();
        await whole.AppendAsync(facts.Take(250));
        var position = await whole.ScalarAsync<long>("SELECT max(seq_id) FROM public.mt_events");
        await whole.AppendAsync(facts.Skip(250));
        await whole.CatchUpAsync();
        var catalogue = await new CatalogueLogs(whole.Log).OfAsync(Hall.Centre, position, default);
        await using var past = await ReadModels.AsOfAsync(whole.DataSource, Hall.Centre, catalogue, new AsOf(position, await whole.NowAsync()), null, default);
        foreach (var (then, table) in ((string, string)[])[(past.Complaints, "sla.complaint"), (past.Ratings, "sla.case_rating")])
        {
            var expected = await part.RowsAsync($"SELECT * FROM {table}");
            Assert.NotEmpty(expected);
            Assert.Equal(expected, await RowsAsync(past, then));
        }
    }

    [Fact]
    public async Task A_reversal_takes_a_finding_back_and_a_late_event_moves_the_day_a_case_counts_on()
    {
        await using var hall = await Hall.CreateAsync();
        var at = Instant.FromUtc(2026, 3, 2, 9, 0);
        await hall.AppendAsync(
            CitizenFacts.Registered("1", at, "S1"), CitizenFacts.Complaint("substantiated", "1", at + Duration.FromDays(2), new() { ["responsible"] = new System.Text.Json.Nodes.JsonObject { ["staff"] = "S2" } }),
            Hall.Received("1", at), Hall.Fact("case_closed", "1", at + Duration.FromDays(3)), CitizenFacts.Rated("1", at + Duration.FromDays(4), 5));
        await hall.CatchUpAsync();
        Assert.Equal(["(S2,substantiated,0)"], await hall.RowsAsync("SELECT staff, finding, reversals FROM sla.complaint"));
        Assert.Equal(["(2026-03-05,1,1)"], await hall.RowsAsync("SELECT day, finished, score5 FROM sla.satisfaction_daily"));
        await hall.AppendAsync(CitizenFacts.Complaint("reversed", "1", at + Duration.FromDays(5)), Hall.Decided("1", at + Duration.FromDays(1)), CitizenFacts.Fact("case_rating_voided", "case/1", at + Duration.FromDays(6), new() { ["approver"] = "lead" }));
        await hall.CatchUpAsync();
        Assert.Equal(["(S1,,1)"], await hall.RowsAsync("SELECT staff, finding, reversals FROM sla.complaint"));
        Assert.Equal(["(2026-03-03,1,0,1)"], await hall.RowsAsync("SELECT day, finished, score5, voided FROM sla.satisfaction_daily"));
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task Verification_finds_a_row_that_somebody_changed()
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(new CitizenFacts(6).Take(200));
        await hall.CatchUpAsync();
        await hall.ExecuteAsync("UPDATE sla.complaint SET reversals = 9 WHERE stream_id = (SELECT min(stream_id) FROM sla.complaint); UPDATE sla.satisfaction_daily SET finished = 99 WHERE day = (SELECT min(day) FROM sla.satisfaction_daily)");
        var found = new List<Difference>();
        await new Verification(hall.DataSource, found.Add, (_, _) => { }).RunAsync(default);
        Assert.Contains(found, d => d.What.Contains("its complaint differs", StringComparison.Ordinal));
        Assert.Contains(found, d => d.Where.StartsWith("satisfaction of", StringComparison.Ordinal));
    }

    private static async Task<List<List<string>>> AllAsync(Hall hall)
    {
        var all = new List<List<string>>();
        foreach (var table in (string[])["complaint", "case_rating", "satisfaction_daily"])
            all.Add(await hall.RowsAsync($"SELECT * FROM sla.{table}"));
        return all;
    }

    private static async Task<List<string>> RowsAsync(ReadModels models, string relation)
    {
        await using var command = models.Command($"SELECT r::text FROM (SELECT * FROM {relation}) r ORDER BY 1");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
