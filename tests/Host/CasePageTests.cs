using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using NodaTime;

namespace SlaMonitor.Tests.Host;

/// <summary>A case's page says what each verdict rests on.</summary>
public class CasePageTests
{
    [Fact]
    public async Task An_extension_stands_in_the_limit_with_who_approved_it()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        await AcceptAsync(server, TestServer.Event("case_extension_granted", "case/1", "2026-03-04T10:00:00+08:00", new() { ["add"] = new JsonObject { ["workingDays"] = 5 }, ["reason"] = "x", ["approver"] = "agency-head" }));
        var promised = await CardAsync(server);
        Assert.Contains("Limit: 5 working days, extended to 10 working days.", promised, StringComparison.Ordinal);
        Assert.Contains("Extended by 5 working days on 2026-03-04 10:00:00 (event 3, approved by agency-head).", promised, StringComparison.Ordinal);
        Assert.Contains("Runs from 2026-03-02 10:00:00, by event 2 (accepted).", promised, StringComparison.Ordinal);
        Assert.DoesNotContain("Ended by", promised, StringComparison.Ordinal);
        Assert.Contains("时限 5 个工作日（延长后 10 个工作日）", await CardAsync(server, "zh"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_that_was_granted_for_a_time_says_when_it_ends_and_what_then_falls_due()
    {
        await using var server = await TestServer.StartAsync(Instant.FromUtc(2026, 3, 4, 4, 0));
        await AcceptAsync(server, TestServer.Event("case_special_procedure_started", "case/1", "2026-03-03T10:00:00+08:00", new() { ["procedure"] = "p", ["cause"] = "hearing", ["granted"] = new JsonObject { ["workingDays"] = 3 } }));
        var promised = await CardAsync(server);
        // Five days with one used; three working days after Tuesday are over at the close of Friday, and four are left.
        Assert.Contains("Paused until 2026-03-06 18:00:00, for which it was granted; it then runs again and falls due 2026-03-12 18:00:00.", promised, StringComparison.Ordinal);
        Assert.Contains("paused: Hearing (", promised, StringComparison.Ordinal);
        var (_, listed) = await server.GetAsync("/cases?centre=service-hall&commitment=case.promised&state=paused");
        Assert.Equal("2026-03-06T18:00:00+08:00", (string)listed!["cases"]![0]!["clock"]!["pausedUntil"]!);
        Assert.Contains("paused until 2026-03-06 18:00", await server.Client.GetStringAsync("/board/cases?centre=service-hall&state=paused&lang=en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pause_of_which_nobody_knows_the_end_says_so()
    {
        await using var server = await TestServer.StartAsync(Instant.FromUtc(2026, 3, 4, 4, 0));
        await AcceptAsync(server, TestServer.Event("case_special_procedure_started", "case/1", "2026-03-03T10:00:00+08:00", new() { ["procedure"] = "p", ["cause"] = "hearing" }));
        Assert.Contains("Paused; it cannot fall due before it is resumed.", await CardAsync(server), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_in_time_that_was_recorded_after_due_is_marked()
    {
        await using var server = await TestServer.StartAsync(BoardHall.Now);
        // Recorded now, by the database's clock; due was in March.
        await AcceptAsync(server, TestServer.Event("case_decided", "case/1", "2026-03-05T10:00:00+08:00", new() { ["outcome"] = "approved" }));
        var promised = await CardAsync(server);
        Assert.Contains("done 2026-03-05 10:00:00: on time.", promised, StringComparison.Ordinal);
        Assert.Contains("On time by its date, but recorded only ", promised, StringComparison.Ordinal);
        Assert.Contains("Ended by event 3 (decided).", promised, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_due_date_in_a_year_without_published_holidays_is_provisional_wherever_it_stands()
    {
        await using var server = await TestServer.StartAsync(Instant.FromUtc(2026, 12, 30, 4, 0));
        await server.PostAsync(TestServer.Received("case/1", "2026-12-28T09:30:00+08:00"), TestServer.Event("case_accepted", "case/1", "2026-12-28T10:00:00+08:00"));
        await Condition.HoldsAsync(async () => (await server.Client.GetStringAsync("/board/cases?centre=service-hall&lang=en&commitment=case.promised")).Contains(" (provisional)", StringComparison.Ordinal));
        Assert.Contains(" (provisional)", await CardAsync(server), StringComparison.Ordinal);
    }

    private static async Task AcceptAsync(TestServer server, JsonObject more)
    {
        var (status, stored) = await server.PostAsync(TestServer.Received("case/1", "2026-03-02T09:30:00+08:00"), TestServer.Event("case_accepted", "case/1", "2026-03-02T10:00:00+08:00"), more);
        Assert.Equal(200, status);
        await server.GetAsync($"/cases/1?centre=service-hall&wait={stored!["position"]}");
    }

    private static async Task<string> CardAsync(TestServer server, string language = "en")
    {
        var page = new HtmlParser().ParseDocument(await server.Client.GetStringAsync($"/view/service-hall/1?lang={language}"));
        return page.GetElementById("case.promised")!.TextContent;
    }
}
