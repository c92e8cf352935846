using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using NodaTime;

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
        Assert.Contains("1 cases cannot be read", (await PageAsync(server, "/?centre=service-hall&lang=en")).QuerySelector(".notice:not([hidden])")!.TextContent, StringComparison.Ordinal);
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
