using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.Pages;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Tests.Host;

/// <summary>The board says what SQL counts over the clocks at the same moment, for every selection, and leads to the cases it counts.</summary>
public class BoardTests
{
    private const string There = "tenant_id = 'service-hall' AND state = 'open' AND (appears_at IS NULL OR appears_at < '{0}')";
    private const string Paused = "coalesce(paused_at <= '{0}' AND (resumes_at IS NULL OR resumes_at > '{0}') AND (due_at IS NULL OR due_at >= paused_at), false)";

    [Theory]
    [InlineData("", "true", 0)]
    [InlineData("", "true", 100)]
    [InlineData("&window=W1", "window_id = 'W1'", 0)]
    [InlineData("&item=business-licence", "item = 'business-licence'", 24)]
    [InlineData("&staff=W2-01", "staff = 'W2-01'", 24)]
    [InlineData("&commitment=case.promised&window=W2", "commitment = 'case.promised' AND window_id = 'W2'", 0)]
    public async Task Every_tile_is_what_sql_counts(string selection, string condition, int hoursOn)
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server);
        server.Clock.Now += Duration.FromHours(hoursOn);
        var board = await PageAsync(server, $"/?centre=service-hall&lang=en{selection}");
        var overdue = $"NOT {Paused} AND due_at < '{{0}}'";
        Assert.Equal(await CountAsync(server, $"{There} AND {condition} AND NOT {Paused} AND (due_at IS NULL OR due_at >= '{{0}}')"), Tile(board, "running"));
        Assert.Equal(await CountAsync(server, $"{There} AND {condition} AND NOT {Paused} AND due_at >= '{{0}}' AND due_soon_at < '{{0}}'"), Tile(board, "due soon"));
        Assert.Equal(await CountAsync(server, $"{There} AND {condition} AND {Paused}"), Tile(board, "paused"));
        Assert.Equal(await CountAsync(server, $"{There} AND {condition} AND {overdue} AND commitment = 'case.promised'"), Tile(board, "over promise"));
        Assert.Equal(await CountAsync(server, $"{There} AND {condition} AND {overdue} AND commitment = 'case.statutory'"), Tile(board, "over statutory limit"));
        Assert.Equal(await CountAsync(server, $"{There} AND {condition} AND {overdue} AND commitment NOT IN ('case.promised', 'case.statutory', 'case.overdue-explanation')"), Tile(board, "other steps overdue"));
        Assert.Equal(await CountAsync(server, $"{There} AND {condition} AND {overdue} AND commitment = 'case.overdue-explanation'"), Tile(board, "overruns not explained"));
        var today = server.Clock.Now.InZone(DateTimeZoneProviders.Tzdb["Asia/Shanghai"]).Date.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        var met = await CountAsync(server, $"tenant_id = 'service-hall' AND {condition} AND state = 'met' AND (settled_at AT TIME ZONE 'Asia/Shanghai')::date = '{today}'");
        var late = await CountAsync(server, $"tenant_id = 'service-hall' AND {condition} AND state = 'breached' AND ((due_at - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date = '{today}'")
            + await CountAsync(server, $"{There} AND {condition} AND {overdue} AND ((due_at - interval '1 microsecond') AT TIME ZONE 'Asia/Shanghai')::date = '{today}'");
        Assert.Equal($"{met} / {late}", board.QuerySelector(".tile.today b")!.TextContent);
    }

    [Theory]
    [InlineData("window", "window_id")]
    [InlineData("item", "item")]
    [InlineData("staff", "staff")]
    public async Task The_breakdown_counts_each_clock_once_and_the_worst_come_first(string by, string column)
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server);
        var board = await PageAsync(server, $"/?centre=service-hall&lang=en&by={by}");
        var rows = board.QuerySelector("table.where")!.QuerySelectorAll("tbody tr").Select(r => r.QuerySelectorAll("td").Select(Number).ToArray()).ToList();
        Assert.Equal(await CountAsync(server, There), rows.Sum(r => r[2]));
        Assert.Equal(await CountAsync(server, $"{There} AND NOT {Paused} AND due_at < '{{0}}'"), rows.Sum(r => r[0]));
        Assert.Equal(await server.ScalarAsync<long>($"SELECT count(DISTINCT {column}) FROM sla.commitment_clock WHERE tenant_id = 'service-hall' AND state = 'open'"), rows.Count);
        Assert.Equal(rows.OrderByDescending(r => r[0]).ThenByDescending(r => r[1]).ThenByDescending(r => r[2]).ToList(), rows);
    }

    [Fact]
    public async Task What_breaks_first_is_by_due_and_what_is_overdue_by_weight()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server);
        var board = await PageAsync(server, "/?centre=service-hall&lang=en");
        var next = board.QuerySelectorAll("#next tbody tr").Select(r => r.QuerySelector("td:nth-child(4) small")!.TextContent).ToList();
        Assert.NotEmpty(next);
        Assert.Equal(next.Order(StringComparer.Ordinal), next);
        Assert.All(board.QuerySelectorAll("#next tbody tr"), r => Assert.Contains(r.ClassName, new[] { "running", "dueSoon" }));
        var classes = board.QuerySelectorAll("#overdue tbody tr").Select(r => r.QuerySelector("td:nth-child(2)")!.TextContent).Select(n => n.StartsWith("Statutory", StringComparison.Ordinal) ? 0 : n.StartsWith("Promised", StringComparison.Ordinal) ? 1 : 2).ToList();
        Assert.Equal(classes.Order(), classes);
        Assert.Contains(1, classes);
    }

    [Fact]
    public async Task A_tile_leads_to_the_list_of_what_it_counts()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server);
        var board = await PageAsync(server, "/?centre=service-hall&lang=en&window=W1");
        foreach (var name in (string[])["running", "due soon", "over promise", "other steps overdue", "overruns not explained", "paused"])
        {
            var tile = board.QuerySelectorAll("a.tile").Single(t => t.QuerySelector("span")!.TextContent == name);
            var listed = 0;
            for (var next = tile.GetAttribute("href"); next is not null;)
            {
                var list = await PageAsync(server, next);
                listed += list.QuerySelectorAll(".clocks tbody tr").Length;
                next = list.QuerySelector("a[rel=next]")?.GetAttribute("href");
            }

            Assert.Equal(Tile(board, name), listed);
        }
    }

    [Fact]
    public async Task A_red_figure_of_a_quarter_leads_to_the_cases_that_broke_it()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server);
        var table = await PageAsync(server, "/board/compliance?centre=service-hall&lang=en&commitment=case.promised");
        var checkedCells = 0;
        foreach (var cell in table.QuerySelectorAll(".matrix tbody tr:not(.all) td").Where(c => c.QuerySelector("a") is not null))
        {
            var counts = cell.QuerySelector("small")!.TextContent.Split(" / ").Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
            var list = await PageAsync(server, cell.QuerySelector("a")!.GetAttribute("href")!);
            Assert.Equal(counts[1] - counts[0], list.QuerySelectorAll(".clocks tbody tr").Length);
            checkedCells++;
        }

        Assert.True(checkedCells > 1);
        var broken = await CountAsync(server, "tenant_id = 'service-hall' AND commitment = 'case.promised' AND state = 'breached'") + await CountAsync(server, $"{There} AND commitment = 'case.promised' AND NOT {Paused} AND due_at < '{{0}}'");
        var met = await CountAsync(server, "tenant_id = 'service-hall' AND commitment = 'case.promised' AND state = 'met'");
        Assert.Equal($"{met} / {met + broken}", table.QuerySelector(".matrix tr.all small")!.TextContent);
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_on_the_board()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server, 3);
        Assert.Null((await PageAsync(server, "/?centre=service-hall&lang=en")).QuerySelector(".notice:not([hidden])"));
        await server.ScalarAsync<long>("WITH q AS (INSERT INTO sla.quarantine (tenant_id, stream_id, position, reason) VALUES ('service-hall', 'case/B001', 1, 'x') RETURNING 1) SELECT count(*) FROM q");
        await server.Services.GetRequiredService<Snapshots>().TakeAsync(default);
        Assert.Contains("1 cases cannot be read", (await PageAsync(server, "/?centre=service-hall&lang=en")).QuerySelector(".notice:not([hidden])")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_xml_cannot_write_does_not_hide_its_case_and_each_lane_leads_to_its_own_clock()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        string[] branches = ["fire", "water", "a\u0001b", "\ufffe", "mit Leer zeichen"];
        var (status, _) = await server.PostAsync(
        [
            TestServer.Received("case/J", "2026-03-02T09:30:00+08:00", "construction-project-approval"), TestServer.Event("case_accepted", "case/J", "2026-03-02T10:00:00+08:00"),
            .. branches.Select(b => TestServer.Event("case_branch_opened", "case/J", "2026-03-02T11:00:00+08:00", new() { ["branch"] = b, ["agency"] = "x" }, id: $"branch-{b}")),
        ]);
        Assert.Equal(200, status);
        var page = await PageAsync(server, "/view/service-hall/J?lang=en");
        var ids = page.QuerySelectorAll("section.clock").Select(s => s.Id!).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(ids, page.QuerySelectorAll("svg.timeline a").Select(a => Uri.UnescapeDataString(a.GetAttribute("href")![1..])));
        Assert.True(ids.Count > branches.Length);
        var listed = await PageAsync(server, "/board/cases?centre=service-hall&lang=en&commitment=case.branch");
        Assert.All(listed.QuerySelectorAll(".clocks tbody a"), a => Assert.Contains(Uri.UnescapeDataString(a.GetAttribute("href")!.Split('#')[1]), ids));
    }

    [Fact]
    public async Task A_centre_that_promises_nothing_has_a_board_all_the_same()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        var folder = Directory.CreateTempSubdirectory("sla-nothing");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "nothing.yaml"), """
                version: "1"
                effectiveFrom: 2020-01-01
                centre: { id: nothing, names: { zh: 无, en: Nothing }, calendar: c }
                calendars: { c: { zone: Etc/UTC, week: { mon: ["09:00-17:00"] } } }
                items: [{ id: i, names: { zh: 事, en: Thing }, kind: commitment }]
                commitments: []
                """);
            await CataloguePublishing.PublishAsync(server.Database.DataSource, [CatalogueFiles.Read(Path.Combine(folder.FullName, "nothing.yaml"))], default);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        foreach (var path in (string[])["/", "/board/cases", "/board/compliance", "/board/anomalies"])
            Assert.Equal(200, (int)(await server.Client.GetAsync($"{path}?centre=nothing")).StatusCode);
    }

    [Theory]
    [InlineData("asOf=2026-03-01T00:00:00Z", 400)]
    [InlineData("after=Wy02MjEzNTU5NjgwMTAwMDAwMCwgImEiLCAiIiwgMSwgImMiXQ", 200)]
    [InlineData("after=Wy02MjEzNTU5NjgwMTAwMDAwMCwgImEiLCAiIiwgMSwgImMiLCAiZCJd", 200)]
    [InlineData("after=%00", 200)]
    [InlineData("period=2026-Q9", 200)]
    [InlineData("state=lost&class=lost&by=lost&commitment=lost", 200)]
    [InlineData("window=%00", 400)]
    [InlineData("item=<script>&staff=\"onload=1", 200)]
    public async Task Odd_addresses_are_refused_or_show_what_can_be_shown(string query, int status)
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        foreach (var path in (string[])["/", "/board/cases", "/board/compliance", "/board/anomalies"])
        {
            var answered = (int)(await server.Client.GetAsync($"{path}?centre=service-hall&{query}")).StatusCode;
            Assert.True(answered == status || answered == 200, $"{path}?{query}: {answered}");
        }

        if (query.StartsWith("period", StringComparison.Ordinal))
            Assert.Contains("is no period", await server.Client.GetStringAsync($"/board/cases?centre=service-hall&lang=en&{query}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-Q1", "2025-Q1,2025-Q3", "2025-Q1,2025-Q2,2025-Q3,2025-Q4,2026-Q1")]
    [InlineData("2026-Q1", "2010-Q1,2026-Q1", "2024-Q2,2024-Q3,2024-Q4,2025-Q1,2025-Q2,2025-Q3,2025-Q4,2026-Q1")]
    [InlineData("2026-Q1", "2011-Q4,2012-Q2", "2011-Q4,2012-Q1,2012-Q2")]
    [InlineData("2026-Q1", "", "")]
    public void Quarters_stand_one_after_the_other_up_to_this_one_unless_the_log_has_long_ended(string current, string settled, string expected)
    {
        var table = new QuarterTable([.. settled.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(q => new QuarterRow("item", q, 9, 1))], current);
        Assert.Equal(expected, string.Join(',', table.Quarters));
        Assert.Equal(settled.Split(',', StringSplitOptions.RemoveEmptyEntries).Where(expected.Contains).Sum(_ => 10), table.All.Cells.Sum(c => c.Settled));
    }

    [Theory]
    [InlineData(null, null, "en")]
    [InlineData("zh-CN,zh;q=0.9,en;q=0.8", null, "zh")]
    [InlineData("en-GB,zh;q=0.5", null, "en")]
    [InlineData("de,fr;q=0.7", null, "en")]
    [InlineData("de,zh;q=0.7,en;q=0.3", null, "zh")]
    [InlineData("zh", "en", "en")]
    public async Task The_language_is_the_browsers_until_somebody_switches(string? accepted, string? asked, string expected)
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/?centre=service-hall{(asked is null ? "" : $"&lang={asked}")}");
        if (accepted is not null)
            request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var response = await server.Client.SendAsync(request);
        var page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
        Assert.Equal(expected, page.DocumentElement.GetAttribute("lang"));
        // A link says the language only when it was asked for, so that the browser's goes on otherwise.
        Assert.Equal(asked is not null, page.QuerySelector("a.brand")!.GetAttribute("href")!.Contains("lang=", StringComparison.Ordinal));
        Assert.Contains($"lang={(expected == "zh" ? "en" : "zh")}", page.QuerySelector("a.lang")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("Accept-Language", response.Headers.Vary);
    }

    private static async Task<IHtmlDocument> PageAsync(TestServer server, string path) => new HtmlParser().ParseDocument(await server.Client.GetStringAsync(path));

    // Where one limit is chosen there are no tiles of others.
    private static long Tile(IHtmlDocument board, string name) => board.QuerySelectorAll("a.tile").SingleOrDefault(t => t.QuerySelector("span")!.TextContent == name) is { } tile ? Number(tile.QuerySelector("b")!) : 0;

    private static long Number(IElement element) => long.Parse(element.TextContent.Trim(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static Task<long> CountAsync(TestServer server, string where) =>
        server.ScalarAsync<long>($"SELECT count(*) FROM sla.commitment_clock WHERE {where.Replace("{0}", server.Clock.Now.ToString(), StringComparison.Ordinal)}");
}
