using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Pages;

namespace SlaMonitor.Tests.Host;

/// <summary>The pages of services say what the JSON says, lead from a day to its reason, and take nothing a reporter wrote for more than text.</summary>
public partial class ServicePagesTests
{
    private const string Query = "centre=it-department&lang=en";

    [Fact]
    public async Task The_list_says_of_every_service_what_the_json_says_and_the_worst_come_first()
    {
        await using var server = await ServiceHallEvents.StartAsync();
        var page = await PageAsync(server, $"/board/services?{Query}");
        var services = (await server.GetAsync($"/services?{Query}")).Body!["services"]!.AsArray();
        Assert.Equal(services.Select(s => (string)s!["service"]!), page.QuerySelectorAll("table.services tbody").Select(b => b.Id).Order(StringComparer.Ordinal));
        foreach (var service in services)
        {
            var row = page.GetElementById((string)service!["service"]!)!;
            Assert.Equal(Number(service["availability"]), Value(row.QuerySelector("data:not(.gross)")));
            Assert.Equal(Number(service["grossAvailability"]), Value(row.QuerySelector("data.gross")));
            Assert.Equal((bool?)service["kept"] == false, row.QuerySelector("data.bad") is not null);
            Assert.StartsWith($"{service["interruptionsInYear"]}", row.QuerySelector("td:nth-of-type(4)")!.TextContent.Trim(), StringComparison.Ordinal);
            Assert.Equal(90, row.QuerySelectorAll("svg.days a").Length);
        }

        Assert.Equal(["kiosk-1", "hotline"], page.QuerySelectorAll("tbody.down").Select(b => b.Id));
        Assert.Equal("2", page.QuerySelector("a.tile.overdue b")!.TextContent);
        Assert.Equal("#kiosk-1", page.QuerySelector("a.tile.overdue")!.GetAttribute("href"));
        Assert.Contains("restore by 2026-10-15 12:00 (3 h 0 min late)", Text(page.GetElementById("hotline")!), StringComparison.Ordinal);
        // Two of three are enough: the whole is up while one of its parts is down, and says so.
        Assert.Contains("● upK-1 P4 · Kiosk 1", Text(page.GetElementById("kiosks")!.QuerySelector("td.now")!), StringComparison.Ordinal);
        // Nobody ever watched it.
        Assert.Contains("nobody watched", Text(page.GetElementById("mail")!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("permits-online", "2026-Q4")]
    [InlineData("permits-online", "2026-10-10")]
    [InlineData("identity", "2026-10")]
    [InlineData("kiosks", "2026")]
    [InlineData("mail", "2026-10")]
    [InlineData("hotline", "2019")]
    [InlineData("hotline", "2026-10-04")]
    [InlineData("queue-system", "2027-01")]
    public async Task The_page_of_a_service_says_what_the_json_says_of_the_span(string service, string period)
    {
        await using var server = await ServiceHallEvents.StartAsync();
        var page = await PageAsync(server, $"/board/services/{service}?{Query}&period={period}");
        var json = await JsonAsync(server, page);
        Assert.Equal(Number(json["availability"]), Value(page.QuerySelector("tr.net data")));
        Assert.Equal(Number(json["grossAvailability"]), Value(page.QuerySelector("tr.gross data")));
        Assert.Equal((bool?)json["kept"], page.QuerySelector("#figures .badge")?.ClassList.Contains("met"));
        Assert.Equal(json["interruptionList"]!.AsArray().Count, page.QuerySelectorAll("tr[id^=interruption-]").Length);
        var (segments, rows) = (json["segments"]!.AsArray(), page.QuerySelectorAll("#segments tbody tr").ToList());
        // Pages list so many; what is left out is counted and stands in the JSON.
        Assert.Equal(Math.Min(segments.Count, 200), rows.Count);
        Assert.Equal(segments.Count > 200, page.QuerySelector("#segments details > p") is not null);
        Assert.Equal(segments.Take(200).Select(s => ((string)s!["from"]!)[..19].Replace('T', ' ')), rows.Select(r => r.QuerySelector("td")!.TextContent));
        Assert.Equal(segments.Take(200).Select(s => string.Join(',', s!["outages"]!.AsArray())), rows.Select(r => string.Join(',', r.QuerySelectorAll("a").Select(a => a.TextContent))));
        foreach (var part in page.QuerySelectorAll("#parts tbody tr"))
            Assert.Equal(Number((await JsonAsync(server, await PageAsync(server, part.QuerySelector("a")!.GetAttribute("href")!)))["availability"]), Value(part.QuerySelector("data")));
    }

    [Fact]
    public async Task A_red_cell_leads_to_its_day_and_there_stands_the_reason()
    {
        await using var server = await ServiceHallEvents.StartAsync();
        var list = await PageAsync(server, $"/board/services?{Query}");
        var cells = list.GetElementById("portal-web")!.QuerySelectorAll("svg.days a").ToList();
        var red = Assert.Single(cells, c => c.ClassList.Contains("missed"));
        Assert.Equal("2026-10-05: 87.5 %, 3 h 0 min lost", red.QuerySelector("title")!.TextContent);
        Assert.Equal(["2026-10-08: 100 %, 15 h 0 min not observed"], list.GetElementById("identity")!.QuerySelectorAll("svg.days a").Select(a => a.QuerySelector("title")!.TextContent).Where(t => t.StartsWith("2026-10-08", StringComparison.Ordinal)));
        var day = await PageAsync(server, red.GetAttribute("href")!);
        var reason = Assert.Single(day.QuerySelectorAll("#segments tr.after"));
        Assert.Contains("lost; counts as downtime", Text(reason), StringComparison.Ordinal);
        Assert.Contains(ServiceHallEvents.Cause, Text(reason), StringComparison.Ordinal);
        Assert.NotNull(day.QuerySelector("#segments details[open]"));
        // What a reporter wrote is text wherever it stands.
        var outage = await PageAsync(server, reason.QuerySelector("a")!.GetAttribute("href")!);
        Assert.All([day, outage], p => Assert.Null(p.GetElementById("planted")));
        Assert.Contains(ServiceHallEvents.Cause, outage.QuerySelector("dl.facts")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("late", day.QuerySelector("#interruption-1")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Limit: 2 h 0 min. Due 2026-10-05 12:00:00, done 2026-10-05 13:00:00: late.", outage.GetElementById("outage.restore")!.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/board/services/portal-web?centre=it-department&period=2026-10-05&lang=en", outage.QuerySelectorAll(".crumb a")[^1].GetAttribute("href"));
    }

    [Fact]
    public async Task An_approved_exclusion_is_named_with_who_approved_it_wherever_it_counts()
    {
        await using var server = await ServiceHallEvents.StartAsync();
        var page = await PageAsync(server, $"/board/services/permits-online?{Query}&period=2026-10-10");
        Assert.Contains("planned maintenance, approved by service-manager: change record 17", Text(page.GetElementById("segments")!), StringComparison.Ordinal);
        Assert.Contains("approved", Text(page.GetElementById("exclusions")!), StringComparison.Ordinal);
        Assert.NotEqual(Value(page.QuerySelector("tr.net data")), Value(page.QuerySelector("tr.gross data")));
        Assert.NotEmpty(page.QuerySelectorAll("svg.service rect.left-out-bar"));
        Assert.All(page.QuerySelectorAll("svg.service rect"), r => Assert.InRange(double.Parse(r.GetAttribute("x")!, CultureInfo.InvariantCulture) + double.Parse(r.GetAttribute("width")!, CultureInfo.InvariantCulture), 0, 1010));
    }

    [Fact]
    public async Task Every_page_is_in_one_language_and_its_links_go_on_in_it()
    {
        await using var server = await ServiceHallEvents.StartAsync();
        foreach (var path in (string[])["/board/services", "/board/services/permits-online", "/board/services/kiosks", "/board/services/mail", "/board/services/identity", "/board/outages/K-1"])
        {
            var english = (await PageAsync(server, $"{path}?{Query}")).QuerySelector("main")!;
            Assert.DoesNotMatch(Chinese(), english.TextContent.Replace(ServiceHallEvents.Cause, "", StringComparison.Ordinal));
            Assert.All(english.QuerySelectorAll("a[href^='/board']"), a => Assert.Contains("lang=en", a.GetAttribute("href"), StringComparison.Ordinal));
            var chinese = (await PageAsync(server, $"{path}?centre=it-department&lang=zh")).QuerySelector("main")!;
            Assert.All(chinese.QuerySelectorAll("h2, thead th:not(:empty), dt:not([title])"), e => Assert.True(Chinese().IsMatch(e.TextContent) || e.TextContent is "MTRS" or "MTBF" or "MTBSI", e.TextContent));
        }
    }

    [Fact]
    public async Task Spans_lead_to_their_neighbours_and_what_is_none_is_said()
    {
        await using var server = await ServiceHallEvents.StartAsync();
        foreach (var (period, previous, next) in new[] { ("2026-Q4", "2026-Q3", "2027-Q1"), ("2026-01", "2025-12", "2026-02"), ("2026", "2025", "2027"), ("2026-03-01", "2026-02-28", "2026-03-02") })
        {
            var page = await PageAsync(server, $"/board/services/hotline?{Query}&period={period}");
            Assert.Equal([previous, next], page.QuerySelectorAll("a[rel]").Select(a => a.GetAttribute("title")));
        }

        var refused = await PageAsync(server, $"/board/services/hotline?{Query}&period=2026-13");
        Assert.Contains("“2026-13” is no span that can be shown", refused.QuerySelector("main .notice")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("2026-Q4", refused.QuerySelector(".tabs a.on")!.TextContent);
        var hour = await JsonAsync(server, await PageAsync(server, $"/board/services/hotline?{Query}&from=2026-10-15T10:00:00%2B08:00&to=2026-10-15T11:00:00%2B08:00"));
        Assert.Equal((0, 3600), ((double)hour["availability"]!, (double)hour["downtimeSeconds"]!));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_the_board_leads_to_what_is()
    {
        await using var server = await ServiceHallEvents.StartAsync();
        foreach (var (path, said) in new[] { ($"/board/services/none?{Query}", "No version of the catalogue has service none."), ($"/board/outages/none?{Query}", "The log holds no fact of outage none."), ("/board/services?centre=none", "There is no such centre") })
        {
            using var answer = await server.Client.GetAsync(path);
            Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains(said, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var board = await PageAsync(server, $"/?{Query}");
        Assert.Contains("2 down or partly lost", board.GetElementById("services")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(board.QuerySelector("#services a[href='/board/services?centre=it-department&lang=en']"));
        Assert.Contains("/board/outages/H-1?centre=it-department&lang=en#outage.restore", board.QuerySelectorAll(".clocks a").Select(a => a.GetAttribute("href")));
        Assert.NotNull(board.QuerySelector("nav.pages a[href^='/board/services']"));
        // The hall has none, and hears of none.
        var hall = await PageAsync(server, "/?centre=service-hall&lang=en");
        Assert.Null(hall.QuerySelector("#services") ?? hall.QuerySelector("nav.pages a[href^='/board/services']"));
    }

    [Fact]
    public void Every_word_there_is_can_be_said_in_both_languages()
    {
        foreach (var language in new[] { new PageLanguage(true), new PageLanguage(false) })
        {
            Each<AvailabilityReason>(language.Of);
            Each<ServiceCondition>(language.Of);
            Each<AgreementKind>(language.Of);
            Each<ExclusionKind>(language.Of);
            Each<TargetPeriod>(language.Of);
            Each<UnobservedAs>(language.Of);
            Each<AnomalyKind>(language.Text);
            Each<AnomalyKind>(language.Name);
            foreach (var type in EventTypes.All.Where(t => t.Stream is StreamKind.Outage))
                Assert.NotEqual(type.Name, language.Event(type.Name));
        }

        static void Each<T>(Func<T, string> say)
            where T : struct, Enum => Assert.All(Enum.GetValues<T>(), v => Assert.NotEmpty(say(v)));
    }

    [Theory]
    [InlineData(1, 1, "100 %")]
    [InlineData(999_999_999, 1_000_000_000, "99.999 %")]
    [InlineData(2, 3, "66.666 %")]
    [InlineData(0, 3, "0 %")]
    public void A_percentage_is_never_rounded_up(long numerator, long denominator, string said) => Assert.Equal(said, PageLanguage.Percent(new ExactRatio(numerator, denominator)));

    private static async Task<IDocument> PageAsync(TestServer server, string path) => new HtmlParser().ParseDocument(await server.Client.GetStringAsync(path));

    /// <summary>What a page names as the same in JSON, with its segments.</summary>
    private static async Task<JsonNode> JsonAsync(TestServer server, IDocument page)
    {
        var (status, body) = await server.GetAsync(page.QuerySelectorAll("main > p > a")[^1].GetAttribute("href") + "&segments=true");
        Assert.Equal(200, status);
        return body!;
    }

    private static double? Number(JsonNode? value) => (double?)value;

    private static double? Value(IElement? data) => data is null ? null : double.Parse(data.GetAttribute("value")!, CultureInfo.InvariantCulture);

    private static string Text(IElement element) => Spaces().Replace(element.TextContent, " ").Trim();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
