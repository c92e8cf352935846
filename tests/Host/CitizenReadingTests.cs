using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Tests.Projections;

namespace SlaMonitor.Tests.Host;

/// <summary>Complaints and ratings as they are asked for, by the numbers of the rules.</summary>
public class CitizenReadingTests
{
    private const string Centre = Hall.Centre;

    private static readonly Instant Start = Instant.FromUtc(2026, 1, 5, 1, 0);

    [Fact]
    public async Task Rule_69_the_revisit_rate_is_of_those_closed_and_comes_with_its_integers()
    {
        await using var server = await StartAsync(
            CitizenFacts.Registered("1", Start, "S1"), CitizenFacts.Complaint("closed", "1", Day(3)), CitizenFacts.Complaint("revisited", "1", Day(4), new() { ["satisfied"] = true }),
            CitizenFacts.Registered("2", Start, "S1"), CitizenFacts.Complaint("closed", "2", Day(3)),
            CitizenFacts.Registered("3", Start, "S2"), CitizenFacts.Complaint("closed", "3", Day(3)), CitizenFacts.Complaint("revisited", "3", Day(4), new() { ["satisfied"] = false }),
            CitizenFacts.Registered("4", Start, "S2"), CitizenFacts.Complaint("revisited", "4", Day(4), new() { ["satisfied"] = true }));
        var row = (await RowsAsync(server, "/complaints/figures?by=none", "rows")).Single();
        Assert.Equal((4, 3, 2, 1), ((int)row["registered"]!, (int)row["closed"]!, (int)row["revisited"]!, (int)row["satisfied"]!));
        Assert.Equal((2 / 3.0, 0.5), ((double)row["revisitRate"]!, (double)row["satisfaction"]!));
        Assert.Empty(await RowsAsync(server, "/complaints/figures?by=none&period=2025", "rows"));
    }

    [Fact]
    public async Task Rule_72_two_in_a_row_are_the_last_two_that_were_decided_and_a_reversal_undoes_it()
    {
        await using var server = await StartAsync(
            CitizenFacts.Registered("1", Day(1), "S1"), CitizenFacts.Registered("2", Day(2), "S1"), CitizenFacts.Registered("3", Day(3), "S1"),
            // What was registered last is not decided, and stands between nothing; the later one is decided first.
            CitizenFacts.Complaint("substantiated", "2", Day(5)), CitizenFacts.Complaint("substantiated", "1", Day(6)),
            CitizenFacts.Registered("4", Day(1), "S2"), CitizenFacts.Complaint("substantiated", "4", Day(5)), CitizenFacts.Registered("5", Day(2), "S2"), CitizenFacts.Complaint("unsubstantiated", "5", Day(5)),
            // Somebody else is responsible than was complained of.
            CitizenFacts.Registered("6", Day(2), "S9"), CitizenFacts.Complaint("substantiated", "6", Day(5), new() { ["responsible"] = new JsonObject { ["staff"] = "S3" } }));
        var found = await RowsAsync(server, "/complaints/consecutive", "consecutive");
        Assert.Equal("S1 2 1", string.Join(' ', (string)found.Single()["staff"]!, (string)found[0]["last"]!["complaint"]!, (string)found[0]["before"]!["complaint"]!));
        var before = await server.ScalarAsync<long>("SELECT max(seq_id) FROM public.mt_events");
        await AppendAsync(server, CitizenFacts.Complaint("reversed", "1", Day(8)), CitizenFacts.Registered("7", Day(9), "S3"), CitizenFacts.Complaint("substantiated", "7", Day(10)));
        Assert.Equal(["S3"], (await RowsAsync(server, "/complaints/consecutive", "consecutive")).Select(r => (string)r["staff"]!));
        Assert.Equal(["S1"], (await RowsAsync(server, $"/complaints/consecutive?asOf={before}", "consecutive")).Select(r => (string)r["staff"]!));
    }

    [Fact]
    public async Task Rule_76_petitions_and_media_are_counted_by_channel_and_only_what_stands_as_substantiated()
    {
        await using var server = await StartAsync(
            CitizenFacts.Registered("1", Day(1), "S1", channel: "petition"), CitizenFacts.Complaint("substantiated", "1", Day(5)),
            CitizenFacts.Registered("2", Day(1), "S1", channel: "petition"), CitizenFacts.Complaint("substantiated", "2", Day(5)), CitizenFacts.Complaint("reversed", "2", Day(6)),
            CitizenFacts.Registered("3", Day(1), "S1", channel: "media"), CitizenFacts.Complaint("unsubstantiated", "3", Day(5)));
        var rows = (await RowsAsync(server, "/complaints/figures?by=channel", "rows")).ToDictionary(r => (string)r["channel"]!, r => $"{r["registered"]} {r["substantiated"]} {r["unsubstantiated"]} {r["undecided"]} {r["reversed"]}");
        Assert.Equal(("2 1 0 1 1", "1 0 1 0 0"), (rows["petition"], rows["media"]));
        Assert.Equal(["2"], (await RowsAsync(server, "/complaints?finding=none", "complaints")).Select(r => (string)r["complaint"]!));
    }

    [Fact]
    public async Task Figures_of_any_grouping_are_what_SQL_counts_of_random_facts_and_pages_make_the_whole_list()
    {
        await using var server = await StartAsync([.. new CitizenFacts(7).Take(700)]);
        foreach (var (by, column) in ((string, string)[])[("category", "category"), ("channel", "channel"), ("window", "window_id"), ("staff", "staff"), ("none", "NULL::varchar")])
        {
            var expected = await server.StringsAsync($"SELECT concat_ws(' ', coalesce({column}, '-'), count(*), sum((finding = 'substantiated')::int), count(closed_at)) FROM sla.complaint WHERE registered_at >= '2025-12-31T16:00Z' AND registered_at < '2026-12-31T16:00Z' GROUP BY {column} ORDER BY 1");
            Assert.Equal(Sums(expected), Sums((await RowsAsync(server, $"/complaints/figures?period=2026&by={by}", "rows")).Select(r => $"{r[by] ?? "-"} {r["registered"]} {r["substantiated"]} {r["closed"]}")));
        }

        foreach (var (by, column) in ((string, string)[])[("service", "item"), ("window", "window_id"), ("staff", "staff"), ("channel", "channel"), ("none", "NULL::varchar")])
        {
            var expected = await server.StringsAsync($"SELECT concat_ws(' ', coalesce({column}::varchar, '-'), count(*), count(*) FILTER (WHERE score BETWEEN 1 AND 3 AND NOT defaulted), count(*) FILTER (WHERE score > 3 AND NOT defaulted), count(*) FILTER (WHERE defaulted), count(*) FILTER (WHERE rated_at IS NOT NULL AND score IS NULL)) FROM sla.case_rating WHERE finished_at >= '2025-12-31T16:00Z' AND finished_at < '2026-12-31T16:00Z' GROUP BY {column} ORDER BY 1");
            var rows = await RowsAsync(server, $"/satisfaction?period=2026&by={by}", "rows");
            Assert.Equal(expected, rows.Select(r => $"{r[by] ?? "-"} {r["finished"]} {r["satisfied"]} {r["bad"]} {r["defaulted"]} {r["voided"]}").Order(StringComparer.Ordinal));
            Assert.All(rows.Where(r => (int)r["given"]! > 0), r => Assert.Equal((double)(int)r["satisfied"]! / ((int)r["satisfied"]! + (int)r["bad"]!), (double)r["satisfaction"]!));
            Assert.All(rows.Where(r => (int)r["given"]! == 0), r => Assert.Null(r["satisfaction"]));
        }

        foreach (var (path, array, key, table) in ((string, string, string, string)[])[("/complaints", "complaints", "complaint", "sla.complaint"), ("/ratings", "ratings", "case", "sla.case_rating WHERE rated_at IS NOT NULL"), ("/ratings?bad=true", "ratings", "case", "sla.case_rating WHERE score > 3 AND NOT defaulted")])
        {
            var (found, next) = (new List<string>(), "");
            do
            {
                var page = await GetAsync(server, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}limit=7{(next.Length > 0 ? $"&after={next}" : "")}");
                found.AddRange(page[array]!.AsArray().Select(r => (string)r![key]!));
                next = (string?)page["next"] ?? "";
            }
            while (next.Length > 0);
            Assert.Equal(await server.ScalarAsync<long>($"SELECT count(*) FROM {table}"), found.Count);
            Assert.Equal(found.Count, found.Distinct().Count());
            Assert.Equal(found, await CsvColumnAsync(server, path, key));
        }
    }

    [Fact]
    public async Task A_list_as_CSV_has_a_mark_and_a_header_and_no_cell_that_a_spreadsheet_runs()
    {
        await using var server = await StartAsync(
            CitizenFacts.Registered("1", Start, "=cmd|1"), CitizenFacts.Complaint("transferred", "1", Day(1), new() { ["to"] = "办公室, \"二\"" }), CitizenFacts.Registered("@2", Day(1), "-S1", window: "+W"));
        using var response = await server.Client.GetAsync($"/complaints?centre={Centre}&format=csv");
        Assert.Equal("text/csv; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("complaints.csv", response.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var lines = Encoding.UTF8.GetString(bytes[3..]).Split("\r\n");
        Assert.StartsWith("complaint,channel,category,case,window,staff,state,registeredAt", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("'@2,phone,conduct,,'+W,'-S1,open,2026-01-06T09:00:00+08:00,", lines[1], StringComparison.Ordinal);
        Assert.Contains("'=cmd|1", lines[2], StringComparison.Ordinal);
        Assert.Contains("\"办公室, \"\"二\"\"\"", lines[2], StringComparison.Ordinal);
        using var none = new HttpRequestMessage(HttpMethod.Get, $"/complaints?centre={Centre}&category=none");
        none.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using var empty = await server.Client.SendAsync(none);
        Assert.Equal(lines[0] + "\r\n", (await empty.Content.ReadAsStringAsync()).TrimStart('\ufeff'));
        Assert.Equal(400, (await server.GetAsync($"/complaints?centre={Centre}&format=xml")).Status);
        Assert.Equal(400, (await server.GetAsync($"/complaints?centre={Centre}&format=csv&state=gone")).Status);
    }

    [Theory]
    [InlineData("/cases?state=open")]
    [InlineData("/compliance")]
    [InlineData("/indicators")]
    [InlineData("/anomalies")]
    [InlineData("/restatements")]
    [InlineData("/outages")]
    [InlineData("/services")]
    [InlineData("/satisfaction")]
    [InlineData("/ratings")]
    [InlineData("/complaints/figures")]
    [InlineData("/complaints/consecutive")]
    public async Task Every_list_can_be_CSV_with_a_field_for_each_column(string path)
    {
        await using var server = await StartAsync([.. new CitizenFacts(8).Take(200)]);
        var json = await GetAsync(server, path);
        var rows = json.AsObject().Select(f => f.Value).OfType<JsonArray>().Single();
        var text = await CsvAsync(server, path);
        var lines = text.TrimEnd().Split("\r\n");
        // Of a first page all rows, and no more: there are fewer than a hundred.
        Assert.Equal(rows.Count, lines.Length - 1);
        Assert.All(lines, l => Assert.Equal(lines[0].Count(c => c == ','), l.Count(c => c == ',')));
    }

    [Fact]
    public async Task One_complaint_shows_its_clocks_and_nothing_of_who_complained()
    {
        await using var server = await StartAsync(CitizenFacts.Registered("a/1", Start, "S1"));
        var one = await GetAsync(server, "/complaints/a%2F1");
        Assert.Equal("a/1", (string)one["complaint"]!);
        Assert.False((bool)one["person"]!["kept"]!);
        Assert.NotNull((await GetAsync(server, "/complaints/a%2F1/explain"))["clocks"]);
        Assert.Equal(404, (await server.GetAsync($"/complaints/2?centre={Centre}")).Status);
        Assert.Equal(400, (await server.GetAsync($"/complaints?centre={Centre}&after=nonsense")).Status);
    }

    private static Instant Day(int days) => Start + Duration.FromDays(days);

    private static List<string> Sums(IEnumerable<string> rows) => [.. rows.Select(r => r.Replace("  ", " 0 ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static async Task<TestServer> StartAsync(params EventToAppend[] facts)
    {
        var server = await TestServer.StartAsync(Instant.FromUtc(2026, 2, 20, 2, 0));
        await CataloguePublishing.PublishAsync(server.Database.DataSource, [Hall.Read("1", "09:00-17:00", "Asia/Shanghai")], default);
        await AppendAsync(server, facts);
        return server;
    }

    private static async Task AppendAsync(TestServer server, params EventToAppend[] facts)
    {
        await new EventLog(server.Database.DataSource).AppendAllAsync(Centre, facts);
        await GetAsync(server, "/complaints");
    }

    private static async Task<JsonNode> GetAsync(TestServer server, string path)
    {
        var (status, body) = await server.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}centre={Centre}&wait={await server.ScalarAsync<long>("SELECT max(seq_id) FROM public.mt_events")}");
        Assert.True(status == 200, $"{status} {body}");
        return body!;
    }

    private static async Task<List<JsonNode>> RowsAsync(TestServer server, string path, string array) => [.. (await GetAsync(server, path))[array]!.AsArray().Select(r => r!)];

    private static async Task<string> CsvAsync(TestServer server, string path) =>
        (await server.Client.GetStringAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}centre={Centre}&format=csv")).TrimStart('\ufeff');

    private static async Task<List<string>> CsvColumnAsync(TestServer server, string path, string column)
    {
        var lines = (await CsvAsync(server, path)).TrimEnd().Split("\r\n");
        var at = lines[0].Split(',').ToList().IndexOf(column);
        return [.. lines[1..].Select(l => l.Split(',')[at])];
    }
}
