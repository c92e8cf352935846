using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Cases;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.Host.Pages;

namespace SlaMonitor.Tests.Host;

/// <summary>The pages of complaints and of satisfaction say what the facts say, lead to one another, and show nobody who complained.</summary>
public partial class ComplaintPagesTests
{
    private const string Query = "centre=service-hall&lang=en";

    [Fact]
    public async Task What_falls_due_next_stands_first_and_who_has_two_in_a_row_is_named()
    {
        await using var server = await HallVoices.StartAsync();
        var page = await PageAsync(server, $"/board/complaints?{Query}");
        var rows = page.QuerySelectorAll("#list tbody tr").ToList();
        Assert.Equal(["C5", "C6"], rows.Select(r => r.QuerySelector("a")!.TextContent));
        Assert.Equal(["overdue", "running"], rows.Select(r => r.ClassName));
        Assert.Contains("2 working days late", Text(rows[0]), StringComparison.Ordinal);
        Assert.Contains("Remedy proposed", Text(rows[0]), StringComparison.Ordinal);
        Assert.Equal($"/board/complaints/C5?centre=service-hall&lang=en#complaint.response", rows[0].QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(["2", "0", "1", "3 / 6", "25 %", "100 %", "50 %"], page.QuerySelectorAll(".tile b").Select(b => b.TextContent));
        Assert.Equal(["Market regulation window 2 2 0 0 0", "Health window 2 1 1 0 1", "Public security window 2 0 0 2 0"], page.QuerySelectorAll("#figures tbody tr").Select(Text));
        var pair = Assert.Single(page.QuerySelectorAll("#consecutive tbody tr"));
        Assert.Equal(["W1-01", "C2", "C1"], pair.QuerySelectorAll("a").Select(a => a.TextContent));
    }

    [Fact]
    public async Task Once_erased_the_page_says_so_and_counts_what_it_counted()
    {
        await using var server = await HallVoices.StartAsync();
        var told = TestServer.Event("complaint_review_requested", "complaint/C5", "2026-03-19T10:00:00+08:00", new() { ["text"] = "谁也不该看到的话" });
        Assert.Equal(200, (await server.PostAsync(told)).Status);
        Assert.Contains("sealed", Text((await PageAsync(server, $"/board/complaints/C5?{Query}")).GetElementById("person")!), StringComparison.Ordinal);
        var before = (await PageAsync(server, $"/board/complaints?{Query}")).QuerySelectorAll(".tile b").Select(b => b.TextContent).ToList();
        Assert.Equal(200, (await server.PostAsync(new System.Text.Json.Nodes.JsonObject { ["centre"] = "service-hall", ["reason"] = "asked for", ["by"] = "records" }.ToJsonString(), "application/json", "/complaints/C5/erase")).Status);
        var erased = Text((await PageAsync(server, $"/board/complaints/C5?{Query}")).GetElementById("person")!);
        Assert.Contains("erased", erased, StringComparison.Ordinal);
        Assert.DoesNotContain("sealed", erased, StringComparison.Ordinal);
        Assert.Equal(before, (await PageAsync(server, $"/board/complaints?{Query}")).QuerySelectorAll(".tile b").Select(b => b.TextContent));
    }

    [Fact]
    public async Task The_list_can_be_narrowed_and_be_of_what_was_found()
    {
        await using var server = await HallVoices.StartAsync();
        Assert.Equal(["C6", "C5", "C3", "C2", "C4", "C1"], await ListedAsync("tab=all"));
        Assert.Equal(["C2", "C4", "C1"], await ListedAsync("tab=substantiated"));
        Assert.Equal(["C3"], await ListedAsync("tab=unsubstantiated"));
        Assert.Equal(["C3", "C4"], await ListedAsync("tab=all&window=W2"));
        Assert.Equal(["C5"], await ListedAsync("category=delay"));
        Assert.Equal(["C2", "C1"], await ListedAsync("tab=all&staff=W1-01"));
        Assert.Empty(await ListedAsync("staff=nobody"));
        var quarter = await PageAsync(server, $"/board/complaints?{Query}&period=2025-Q4");
        Assert.Equal("0 / 0", quarter.QuerySelectorAll(".tile b")[3].TextContent);
        Assert.Equal(["–", "–"], quarter.QuerySelectorAll(".tile b").Skip(4).Take(2).Select(b => b.TextContent));
        Assert.NotNull((await PageAsync(server, $"/board/complaints?{Query}&period=never")).QuerySelector("main .notice"));

        async Task<List<string>> ListedAsync(string choice) => [.. (await PageAsync(server, $"/board/complaints?{Query}&{choice}")).QuerySelectorAll("#list tbody tr a").Select(a => a.TextContent)];
    }

    [Fact]
    public async Task The_page_of_a_complaint_says_what_was_found_what_was_taken_back_and_how_long_it_took()
    {
        await using var server = await HallVoices.StartAsync();
        var page = await PageAsync(server, $"/board/complaints/C3?{Query}");
        Assert.Contains("not substantiated", page.GetElementById("finding")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("a finding was reversed", page.GetElementById("finding")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/view/service-hall/3?lang=en", page.QuerySelector("#about a")!.GetAttribute("href"));
        Assert.Contains("Limit: 3 working days. Due 2026-03-12 18:00:00, done 2026-03-11 11:00:00: on time.", page.GetElementById("complaint.response")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("svg.timeline"));
        Assert.Equal(8, page.QuerySelectorAll("section:last-of-type tbody tr").Length);
        Assert.Contains("substantiated", Text((await PageAsync(server, $"/board/complaints/C1?{Query}")).GetElementById("finding")!), StringComparison.Ordinal);
        Assert.Contains("responsible: Market regulation window · W1-01", Text((await PageAsync(server, $"/board/complaints/C1?{Query}")).GetElementById("finding")!), StringComparison.Ordinal);
        using var none = await server.Client.GetAsync($"/board/complaints/none?{Query}");
        Assert.Equal(System.Net.HttpStatusCode.NotFound, none.StatusCode);
        Assert.Contains("The log holds no fact of complaint none.", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_shows_its_ratings_what_became_of_them_and_the_complaints_about_it()
    {
        await using var server = await HallVoices.StartAsync();
        var page = await PageAsync(server, $"/view/service-hall/1?lang=en");
        Assert.Equal(["2026-03-05 15:00 5 very dissatisfied window yes put right"], page.QuerySelectorAll("#ratings tbody tr").Select(Text));
        Assert.Equal("/board/complaints/C1?centre=service-hall&lang=en", page.QuerySelector("#complaints a")!.GetAttribute("href"));
        Assert.Contains("nobody answered", (await PageAsync(server, "/view/service-hall/2?lang=en")).GetElementById("ratings")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("voided", (await PageAsync(server, "/view/service-hall/4?lang=en")).GetElementById("ratings")!.TextContent, StringComparison.Ordinal);
        Assert.Null((await PageAsync(server, "/view/service-hall/5?lang=en")).GetElementById("ratings"));
    }

    [Fact]
    public async Task Satisfaction_counts_what_was_given_and_keeps_apart_what_was_not()
    {
        await using var server = await HallVoices.StartAsync();
        var page = await PageAsync(server, $"/board/satisfaction?{Query}");
        Assert.Equal(["50 %", "40 %", "1", "1", "1"], page.QuerySelectorAll(".tile b").Select(b => b.TextContent));
        Assert.Equal("Market regulation window 50 %1 / 2 40 %2 / 5 1 1 1", string.Join(' ', page.QuerySelectorAll("#windows tbody tr > *:not(.bar)").Select(c => c.TextContent.Trim())));
        Assert.Equal(["100", "100"], page.QuerySelectorAll("#windows svg rect").Select(r => r.GetAttribute("width")));
        var bad = Assert.Single(page.QuerySelectorAll("#bad tbody tr"));
        Assert.Equal("/view/service-hall/1?lang=en#ratings", bad.QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains("put right", Text(bad), StringComparison.Ordinal);
        Assert.Empty((await PageAsync(server, $"/board/satisfaction?{Query}&window=W2")).QuerySelectorAll("#bad tbody tr"));
        Assert.Contains("None was drawn yet", page.GetElementById("sample")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("–", (await PageAsync(server, $"/board/satisfaction?{Query}&period=2025")).QuerySelector(".tile b")!.TextContent);
    }

    [Fact]
    public async Task The_last_sample_stands_below_with_how_its_cases_are_rated()
    {
        await using var server = await HallVoices.StartAsync();
        server.Clock.Now += NodaTime.Duration.FromDays(20);
        var (status, drawn) = await server.PostAsync("""{"centre":"service-hall","month":"2026-03","perWindow":5,"seed":"s","by":"supervision"}""", "application/json", "/samples");
        Assert.True(status == 200, drawn?.ToJsonString());
        var page = await PageAsync(server, $"/board/satisfaction?{Query}&period=2026-Q1&wait={drawn!["position"]}");
        var sample = page.GetElementById("sample")!;
        Assert.Equal(["1", "2", "3", "4", "5"], sample.QuerySelectorAll("tbody a").Select(a => a.TextContent).Order(StringComparer.Ordinal));
        Assert.Contains("5 very dissatisfied", Text(sample), StringComparison.Ordinal);
        Assert.Contains("no: voided", Text(sample), StringComparison.Ordinal);
        Assert.Contains("50 % satisfied, 40 % rated", Text(sample), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clocks_of_complaints_lead_to_their_complaint_wherever_they_are_listed()
    {
        await using var server = await HallVoices.StartAsync();
        var board = await PageAsync(server, $"/?{Query}");
        Assert.Contains("/board/complaints/C5?centre=service-hall&lang=en#complaint.response", board.QuerySelectorAll("#overdue a").Select(a => a.GetAttribute("href")));
        Assert.Contains("complaint · Delay", Text(board.GetElementById("overdue")!), StringComparison.Ordinal);
        Assert.Contains(board.QuerySelectorAll("a.tile.overdue"), t => Text(t) == "1 complaints overdue");
        var list = await PageAsync(server, $"/board/cases?{Query}&class=complaint&state=overdue");
        Assert.Equal(["C5"], list.QuerySelectorAll(".clocks tbody a").Select(a => a.TextContent));
        Assert.NotNull(board.QuerySelector("nav.pages a[href^='/board/complaints']") ?? board.QuerySelector("nav.pages a[href^='/board/satisfaction']"));
        // A department that takes no complaints is asked for none.
        Assert.Null((await PageAsync(server, "/board/services?centre=it-department&lang=en")).QuerySelector("nav.pages a[href^='/board/complaints']"));
    }

    [Theory]
    [InlineData("/board/complaints")]
    [InlineData("/board/complaints?tab=all&by=category")]
    [InlineData("/board/complaints?by=channel")]
    [InlineData("/board/complaints/C1")]
    [InlineData("/board/complaints/C3")]
    [InlineData("/board/satisfaction")]
    [InlineData("/view/service-hall/1")]
    public async Task A_page_is_in_one_language_and_shows_nobody(string path)
    {
        await using var server = await HallVoices.StartAsync();
        var mark = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var lang in (string[])["en", "zh"])
        {
            var page = await PageAsync(server, $"{path}{mark}centre=service-hall&lang={lang}");
            Assert.DoesNotContain(HallVoices.Name, page.Source.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(HallVoices.Words, page.Source.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("0000 4711", page.Source.Text, StringComparison.Ordinal);
            var main = page.QuerySelector("main")!;
            if (lang == "en")
                Assert.DoesNotMatch(Chinese(), main.TextContent);
            else
                Assert.All(main.QuerySelectorAll("h2, thead th:not(:empty), dt:not([title])"), e => Assert.Matches(Chinese(), e.TextContent));
            Assert.All(main.QuerySelectorAll("a[href^='/board'], a[href^='/view']"), a => Assert.Contains($"lang={lang}", a.GetAttribute("href"), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_word_there_is_can_be_said_in_both_languages()
    {
        foreach (var language in new[] { new PageLanguage(true), new PageLanguage(false) })
        {
            Each<ComplaintChannel>(language.Of);
            Each<Finding>(language.Of);
            Each<Channel>(language.Of);
            Each<RatingStanding>(language.Of);
            Each<RatingOutcome>(language.Of);
            Each<CommitmentClass>(language.Of);
            foreach (var type in EventTypes.All.Where(t => t.Stream is StreamKind.Complaint))
                Assert.NotEqual(type.Name, language.Event(type.Name));
        }

        static void Each<T>(Func<T, string> say)
            where T : struct, Enum => Assert.All(Enum.GetValues<T>(), v => Assert.NotEmpty(say(v)));
    }

    [Theory]
    [InlineData(0, 0, "–")]
    [InlineData(999_999, 1_000_000, "99.9 %")]
    [InlineData(2, 3, "66.6 %")]
    [InlineData(3, 3, "100 %")]
    public void A_part_of_nothing_is_none_and_only_all_is_a_hundred_percent(long part, long of, string said) => Assert.Equal(said, PageLanguage.Ratio(part, of));

    private static async Task<IDocument> PageAsync(TestServer server, string path) => new HtmlParser().ParseDocument(await server.Client.GetStringAsync(path));

    private static string Text(IElement element) => Blanks().Replace(string.Join(' ', element.GetDescendants().OfType<IText>().Select(t => t.Data)), " ").Trim();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
