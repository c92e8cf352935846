using System.Globalization;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using NodaTime;
using SlaMonitor.Host.Pages;
using SlaMonitor.Tests.Domain.Time;

namespace SlaMonitor.Tests.Host;

/// <summary>A case on one line of time: nothing lies on top of each other, and what is drawn is what is explained.</summary>
public class TimelineTests
{
    private static readonly SlaMonitor.Domain.Time.Calendar Hall = TestCalendars.Shipped("cn");

    [Theory]
    [InlineData("2026-03-02T01:30:00Z", "2026-03-02T05:00:00Z")]
    [InlineData("2026-02-10T01:30:00Z", "2026-03-05T09:00:00Z")]
    [InlineData("2026-03-06T10:00:00Z", "2026-03-08T10:00:00Z")]
    [InlineData("2024-01-01T00:00:00Z", "2026-11-22T00:00:00Z")]
    public void A_later_instant_lies_further_right_and_closed_time_takes_a_quarter_at_most(string from, string until)
    {
        var (start, end) = (At(from), At(until));
        var scale = new TimeScale(Hall, start, end, 1000);
        var places = Enumerable.Range(0, 501).Select(i => scale.At(start + ((end - start) * i / 500))).ToList();
        Assert.Equal(0, places[0], 6);
        Assert.Equal(1000, places[^1], 6);
        Assert.All(places.Zip(places.Skip(1)), p => Assert.True(p.First < p.Second, $"{p}"));
        var open = Hall.OpenIntervals(start, end).Sum(i => scale.At(i.End) - scale.At(i.Start));
        // Where it never opens there is nothing to press together.
        Assert.True(open == 0 || 1000 - open <= 1000 * 0.35 / 1.35 + 1e-6, $"{1000 - open}");
        Assert.Equal((0.0, 1000.0), (scale.At(start - Duration.FromDays(1)), scale.At(end + Duration.FromDays(1))));
    }

    [Fact]
    public async Task Marks_of_events_never_lie_on_each_other_and_tell_all_of_them()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server);
        var minutes = new[] { 0, 3, 9, 40, 41, 300, 301, 302, 1700, 1760, 4000, 4100, 4250, 9000, 9001, 12000 };
        await server.PostAsync([.. minutes.Select(m => TestServer.Event("case_stage_entered", "case/B004", Text(At("2026-03-04T01:30:00Z") + Duration.FromMinutes(m)), new JsonObject { ["stage"] = $"s{m}" }))]);
        var page = await PageAsync(server, "B004");
        var marks = page.QuerySelectorAll("svg.timeline g.event").Select(m => (From: Number(m.QuerySelector("rect")!, "x"), Width: Number(m.QuerySelector("rect")!, "width"), Label: m.QuerySelector("text")!.TextContent)).ToList();
        Assert.True(marks.Count > 3);
        Assert.All(marks.Zip(marks.Skip(1)), m => Assert.True(m.First.From + m.First.Width <= m.Second.From, $"{m}"));
        var told = marks.SelectMany(m => m.Label.Split('–') is [var first, var last] ? Enumerable.Range(int.Parse(first, CultureInfo.InvariantCulture), int.Parse(last, CultureInfo.InvariantCulture) - int.Parse(first, CultureInfo.InvariantCulture) + 1) : [int.Parse(m.Label, CultureInfo.InvariantCulture)]);
        Assert.Equal(Enumerable.Range(1, page.QuerySelectorAll("section:last-of-type tbody tr").Length), told);
    }

    [Fact]
    public async Task A_lane_for_each_clock_leads_to_its_reason_and_lies_within_the_line()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server);
        foreach (var number in (string[])["B000", "B001", "B007", "B020"])
        {
            var page = await PageAsync(server, number);
            Assert.Equal(page.QuerySelectorAll("section.clock").Select(s => "#" + s.Id), page.QuerySelectorAll("svg.timeline a").Select(a => a.GetAttribute("href")));
            Assert.All(page.QuerySelectorAll("svg.timeline rect"), r => Assert.InRange(Number(r, "x") + Number(r, "width"), 0, 1010));
        }
    }

    [Fact]
    public async Task A_line_is_cut_only_where_nothing_runs_any_more()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server);
        // Paused, and so never due: the line goes on until now.
        Assert.Equal("now", (await PageAsync(server, "B028")).QuerySelector("svg.timeline text.now")!.TextContent);
        server.Clock.Now += Duration.FromDays(200);
        Assert.Equal("now", (await PageAsync(server, "B028")).QuerySelector("svg.timeline text.now")!.TextContent);
        Assert.Equal("»", (await PageAsync(server, "B020")).QuerySelector("svg.timeline text.now")!.TextContent);
    }

    private static async Task<IDocument> PageAsync(TestServer server, string number) => new HtmlParser().ParseDocument(await server.Client.GetStringAsync($"/view/service-hall/{number}?lang=en"));

    private static double Number(IElement element, string attribute) => double.Parse(element.GetAttribute(attribute)!, CultureInfo.InvariantCulture);

    private static Instant At(string utc) => NodaTime.Text.InstantPattern.ExtendedIso.Parse(utc).Value;

    private static string Text(Instant at) => SlaMonitor.Domain.Timestamps.Format(at, DateTimeZoneProviders.Tzdb["Asia/Shanghai"]);
}
