using System.Text;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Tests.Projections;

/// <summary>Who sent something on which days: what the log says, however it was read.</summary>
public class SourceDayTests
{
    private const string Rows = "SELECT tenant_id, source, day, last_recorded_at FROM sla.source_day";

    // By the log alone. Other types have no sender: catalogues, notices, what is decided here.
    private const string Recount = """
        SELECT tenant_id, data->>'source' AS source, (timestamp AT TIME ZONE 'UTC')::date AS day, max(timestamp) AS last_recorded_at
        FROM public.mt_events WHERE type LIKE 'case\_%' GROUP BY 1, 2, 3
        """;

    private static readonly Instant At = Instant.FromUtc(2026, 3, 2, 1, 0);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Page_by_page_is_what_a_rebuild_makes_what_verification_derives_and_what_SQL_counts(int seed)
    {
        await using var hall = await Hall.CreateAsync();
        var random = new Random(seed);
        await using var mark = new HighWaterMark(hall.DataSource, 0);
        var work = new Workspace(hall.DataSource, new Generation(1, Generation.CurrentVersion));
        for (var batch = 0; batch < 8; batch++)
        {
            var before = await hall.ScalarAsync<long>("SELECT max(seq_id) FROM public.mt_events");
            await hall.AppendAsync(Enumerable.Range(0, 40).Select(i => Hall.Received($"{batch}-{i}", At, At + Duration.FromHours(4), $"desk/{random.Next(5)}")));
            // Positions and recording times need not agree.
            await hall.ExecuteAsync($"UPDATE public.mt_events SET timestamp = '2026-03-05T23:30:00Z'::timestamptz + (seq_id * 7919 + {seed}) % 4000 * interval '1 minute' WHERE seq_id > {before}");
            await mark.PollAsync();
            for (var pages = random.Next(4); pages > 0; pages--)
                Assert.True((await new Page(work, random.Next(1, 30)).RunAsync(mark.Current, mark.PolledAt, default)).Owner);
        }

        await hall.CatchUpAsync();
        var rows = await hall.RowsAsync(Rows);
        Assert.Equal(await hall.RowsAsync(Recount), rows);
        Assert.True(rows.Count > 10);
        await hall.VerifyAsync();
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        Assert.Equal(rows, await hall.RowsAsync(Rows));
        await hall.VerifyAsync();
    }

    [Fact]
    public async Task What_is_decided_here_has_no_source_and_what_cannot_be_folded_has()
    {
        await using var hall = await Hall.CreateAsync();
        var now = await hall.NowAsync();
        await hall.AppendAsync(Hall.Received("told", now - Duration.FromHours(2), now - Duration.FromHours(1)));
        await hall.CatchUpAsync();
        Assert.NotEqual(0, await hall.ScalarAsync<long>("SELECT count(*) FROM public.mt_events WHERE data->>'source' = 'sla/notices'"));
        await hall.AppendAsync(
            Stored("""{"occurredAt":"2026-03-02T02:00:00Z","source":"elsewhere","id":"1","data":{"outcome":"unknown"}}"""),
            // What another program stored under our names: without a source, with none that is one, and with one no index holds.
            Stored("""{"data":{}}"""), Stored("""{"source":7}"""), Stored($$"""{"source":"{{new string('x', 100_000)}}"}"""), Stored($$"""{"data":{{new string('[', 500)}}{{new string(']', 500)}},"source":"deep"}"""));
        await hall.CatchUpAsync();
        Assert.Equal(["(deep)", "(elsewhere)", $"({Hall.Source})"], await hall.RowsAsync("SELECT source FROM sla.source_day"));
        await hall.VerifyAsync();
        await new Rebuild(hall.DataSource, (_, _) => { }).RunAsync(default);
        Assert.Equal(["(deep)", "(elsewhere)", $"({Hall.Source})"], await hall.RowsAsync("SELECT source FROM sla.source_day"));

        static EventToAppend Stored(string data) => new(Guid.NewGuid(), $"case/{Guid.NewGuid()}", "case", "case_decided", null, Encoding.UTF8.GetBytes(data));
    }

    [Theory]
    [InlineData("UPDATE sla.source_day SET last_recorded_at = last_recorded_at + interval '1 second'", "2026-03-05T10:00:01.0000000Z derived 2026-03-05T10:00:00.0000000Z")]
    [InlineData("DELETE FROM sla.source_day", "nothing derived 2026-03-05T10:00:00.0000000Z")]
    [InlineData("UPDATE sla.source_day SET day = '2026-03-04'", "2026-03-05T10:00:00.0000000Z derived nothing")]
    public async Task Verification_finds_a_row_that_somebody_changed(string tampering, string expected)
    {
        await using var hall = await Hall.CreateAsync();
        await hall.AppendAsync(Hall.Received("a", At, At + Duration.FromHours(4)));
        await hall.ExecuteAsync("UPDATE public.mt_events SET timestamp = '2026-03-05T10:00:00Z'");
        await hall.CatchUpAsync();
        await hall.VerifyAsync();
        await hall.ExecuteAsync(tampering);
        var found = new List<Difference>();
        await new Verification(hall.DataSource, found.Add, (_, _) => { }).RunAsync(default);
        Assert.Contains(found, d => d.Where.StartsWith($"source {Hall.Source} on 2026-03-0", StringComparison.Ordinal) && d.What == $"its last event: stored {expected}");
    }
}
