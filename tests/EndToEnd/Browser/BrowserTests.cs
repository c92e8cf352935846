using System.Text.Json.Nodes;
using Microsoft.Playwright;
using SlaMonitor.Tests.Host;

namespace SlaMonitor.Tests.EndToEnd.Browser;

/// <summary>What people do with the pages, in a browser.</summary>
public class BrowserTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(1280, "en-GB", "Limit: 5 working days")]
    [InlineData(1280, "zh-CN", "时限 5 个工作日")]
    [InlineData(390, "en-GB", "Limit: 5 working days")]
    [InlineData(390, "zh-CN", "时限 5 个工作日")]
    public async Task From_the_board_over_a_red_figure_to_the_reason_in_two_clicks(int width, string locale, string limit)
    {
        await using var server = await HallAsync();
        await using var visitor = await chromium.VisitAsync(width, locale: locale);
        await visitor.Page.GotoAsync($"{server.Client.BaseAddress}?centre=service-hall");
        await visitor.LooksRightAsync();
        await visitor.Page.ClickAsync("a.tile.overdue:not(.zero)");
        await visitor.LooksRightAsync();
        await visitor.Page.ClickAsync(".clocks tr.overdue a:has-text('B020')");
        await visitor.LooksRightAsync();
        var promised = visitor.Page.Locator("section[id='case.promised']");
        Assert.Contains(limit, await promised.Locator(".verdict").TextContentAsync(), StringComparison.Ordinal);
        // Segment by segment, without another click.
        Assert.True(await promised.Locator("tbody tr").First.IsVisibleAsync());
        Assert.True(await visitor.Page.Locator("svg.timeline rect.late").First.IsVisibleAsync());
        Assert.NotEqual(0, await visitor.Page.Locator("svg.timeline g.event").CountAsync());
    }

    [Fact]
    public async Task Every_page_fits_its_screen_and_complains_of_nothing()
    {
        await using var server = await HallAsync();
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await using var visitor = await chromium.VisitAsync(width, scheme: scheme);
            foreach (var path in (string[])["", "board/cases", "board/cases?state=breached&period=2026-Q1", "board/compliance", "board/anomalies", "view/service-hall/B007", "view/service-hall/B001"])
            {
                await visitor.Page.GotoAsync($"{server.Client.BaseAddress}{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}centre=service-hall");
                await visitor.LooksRightAsync();
            }
        }
    }

    [Theory]
    [InlineData(1280, "en-GB", ColorScheme.Light, "lost; counts as downtime")]
    [InlineData(390, "zh-CN", ColorScheme.Dark, "中断，计为停机")]
    public async Task From_a_red_day_of_a_service_to_its_reason_and_on_to_the_outage(int width, string locale, ColorScheme scheme, string reason)
    {
        await using var server = await ServiceHallEvents.StartAsync();
        await using var visitor = await chromium.VisitAsync(width, locale: locale, scheme: scheme);
        await visitor.Page.GotoAsync($"{server.Client.BaseAddress}board/services?centre=it-department");
        await visitor.LooksRightAsync();
        // The newest days are in sight, whatever the width.
        Assert.True(await visitor.Page.Locator("#portal-web svg.days a").Last.EvaluateAsync<bool>("day => { const place = day.getBoundingClientRect(); return place.left >= 0 && place.right <= innerWidth; }"));
        await visitor.Page.ClickAsync("#portal-web svg.days a.missed");
        await visitor.LooksRightAsync();
        var segment = visitor.Page.Locator("#segments tr.after");
        Assert.Contains(reason, await segment.TextContentAsync(), StringComparison.Ordinal);
        Assert.True(await segment.IsVisibleAsync());
        Assert.True(await visitor.Page.Locator("svg.service rect.late").First.IsVisibleAsync());
        await segment.Locator("a").ClickAsync();
        await visitor.LooksRightAsync();
        Assert.True(await visitor.Page.Locator("section[id='outage.restore'] tbody tr").First.IsVisibleAsync());
        await visitor.Page.Keyboard.PressAsync("s");
        await ArriveAsync(visitor.Page, "/board/services?");
        foreach (var path in (string[])["", "board/services/permits-online", "board/services/kiosks?period=2026", "board/services/mail", "board/outages/K-1"])
        {
            await visitor.Page.GotoAsync($"{server.Client.BaseAddress}{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}centre=it-department");
            await visitor.LooksRightAsync();
        }
    }

    [Theory]
    [InlineData(1280, "en-GB", ColorScheme.Light, "Fell due")]
    [InlineData(390, "zh-CN", ColorScheme.Dark, "至今未完成")]
    public async Task From_the_complaint_that_is_overdue_to_its_clocks_and_on_to_the_ratings(int width, string locale, ColorScheme scheme, string overdue)
    {
        await using var server = await HallVoices.StartAsync();
        await using var visitor = await chromium.VisitAsync(width, locale: locale, scheme: scheme);
        await visitor.Page.GotoAsync($"{server.Client.BaseAddress}?centre=service-hall");
        await visitor.Page.Keyboard.PressAsync("t");
        await ArriveAsync(visitor.Page, "/board/complaints?");
        await visitor.LooksRightAsync();
        await visitor.Page.ClickAsync("#list tr.overdue a");
        await visitor.LooksRightAsync();
        var response = visitor.Page.Locator("section[id='complaint.response']");
        Assert.Contains(overdue, await response.Locator(".verdict").TextContentAsync(), StringComparison.Ordinal);
        Assert.True(await response.Locator("tbody tr").First.IsVisibleAsync());
        Assert.True(await visitor.Page.Locator("svg.timeline rect.late").First.IsVisibleAsync());
        await visitor.Page.Keyboard.PressAsync("r");
        await ArriveAsync(visitor.Page, "/board/satisfaction?");
        await visitor.LooksRightAsync();
        Assert.True(await visitor.Page.Locator("#windows svg rect").First.IsVisibleAsync());
        await visitor.Page.ClickAsync("#bad tbody a");
        await visitor.LooksRightAsync();
        Assert.True(await visitor.Page.Locator("#ratings tbody tr").First.IsVisibleAsync());
        foreach (var path in (string[])["board/complaints?tab=all&by=category", "board/complaints/C3", "board/satisfaction?period=2025"])
        {
            await visitor.Page.GotoAsync($"{server.Client.BaseAddress}{path}{(path.Contains('?', StringComparison.Ordinal) ? "&" : "?")}centre=service-hall");
            await visitor.LooksRightAsync();
        }
    }

    [Fact]
    public async Task The_board_renews_itself_and_says_when_it_cannot()
    {
        await using var server = await HallAsync();
        await using var visitor = await chromium.VisitAsync();
        await visitor.Page.GotoAsync($"{server.Client.BaseAddress}?centre=service-hall&staff=W6-01");
        var running = visitor.Page.Locator("a.tile b").First;
        Assert.Equal("0", await running.TextContentAsync());
        var received = TestServer.Received("case/NEW", "2026-03-19T09:00:00+08:00");
        received["data"]!["staff"] = "W6-01";
        await server.PostAsync(received);
        await Assertions.Expect(running).ToHaveTextAsync("1", new() { Timeout = 60_000 });
        Assert.True(await visitor.Page.Locator("#next a:has-text('NEW')").IsVisibleAsync());
        Assert.Empty(visitor.Complaints);
        await visitor.Page.RouteAsync("**/*", route => route.AbortAsync());
        await visitor.Page.WaitForSelectorAsync("#lost:visible");
        Assert.Contains("2026-03-19 10:00:00", await visitor.Page.Locator("#lost").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal("1", await running.TextContentAsync());
        await visitor.Page.UnrouteAsync("**/*");
        await visitor.Page.WaitForSelectorAsync("#lost", new() { State = WaitForSelectorState.Hidden });
    }

    [Fact]
    public async Task Figures_that_do_not_renew_do_not_look_fresh_whatever_the_reason()
    {
        await using var server = await HallAsync();
        await using var visitor = await chromium.VisitAsync();
        await visitor.Page.Clock.InstallAsync();
        await visitor.Page.GotoAsync($"{server.Client.BaseAddress}?centre=service-hall");
        // Somebody has a word selected, and nothing is taken from under it.
        await visitor.Page.EvaluateAsync("getSelection().selectAllChildren(document.querySelector('h1'))");
        await visitor.Page.Clock.RunForAsync(20_000);
        Assert.False(await visitor.Page.Locator("#lost").IsVisibleAsync());
        await visitor.Page.Clock.RunForAsync(20_000);
        Assert.True(await visitor.Page.Locator("#lost").IsVisibleAsync());
        await visitor.Page.EvaluateAsync("getSelection().removeAllRanges()");
        await visitor.Page.Clock.RunForAsync(6_000);
        await Assertions.Expect(visitor.Page.Locator("#lost")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task What_somebody_opened_and_chose_stays_when_a_page_renews_itself()
    {
        await using var server = await HallAsync();
        await using var visitor = await chromium.VisitAsync();
        await visitor.Page.GotoAsync($"{server.Client.BaseAddress}view/service-hall/B000");
        var details = visitor.Page.Locator("section.clock details").First;
        Assert.NotNull(await details.GetAttributeAsync("open"));
        await details.Locator("summary").ClickAsync();
        await server.PostAsync(TestServer.Event("case_stage_entered", "case/B000", "2026-03-19T09:00:00+08:00", new JsonObject { ["stage"] = "second-look" }));
        await visitor.Page.WaitForSelectorAsync("td:has-text('second-look')");
        Assert.Null(await details.GetAttributeAsync("open"));
    }

    [Fact]
    public async Task The_keyboard_goes_through_the_board_and_opens_a_case()
    {
        await using var server = await HallAsync();
        await using var visitor = await chromium.VisitAsync();
        var page = visitor.Page;
        await page.GotoAsync($"{server.Client.BaseAddress}?centre=service-hall");
        await page.Keyboard.PressAsync("?");
        Assert.True(await page.Locator("dialog#keys").IsVisibleAsync());
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForSelectorAsync("dialog#keys", new() { State = WaitForSelectorState.Hidden });
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("k");
        var second = await page.Locator(".clocks tbody a").Nth(1).TextContentAsync();
        await page.Keyboard.PressAsync("Enter");
        await ArriveAsync(page, "/view/");
        Assert.Equal(second, await page.Locator("h1").TextContentAsync());
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("B003");
        await page.Keyboard.PressAsync("Enter");
        await ArriveAsync(page, "/view/service-hall/B003");
        await page.Keyboard.PressAsync("a");
        await ArriveAsync(page, "/board/anomalies");
        await page.Keyboard.PressAsync("l");
        await ArriveAsync(page, "lang=zh");
        Assert.Equal("zh", await page.Locator("html").GetAttributeAsync("lang"));
        Assert.Empty(visitor.Complaints);
    }

    /// <summary>Until the page itself is there with its scripts: an address changes before that, and a key pressed meanwhile goes to nobody.</summary>
    private static Task ArriveAsync(IPage page, string part) =>
        page.WaitForFunctionAsync("part => location.href.includes(part) && document.readyState === 'complete'", part);

    [Fact]
    public async Task Dark_and_light_follow_the_system_until_somebody_chooses()
    {
        await using var server = await HallAsync();
        await using var visitor = await chromium.VisitAsync(scheme: ColorScheme.Dark);
        await visitor.Page.GotoAsync($"{server.Client.BaseAddress}?centre=service-hall");
        var dark = await GroundAsync(visitor.Page);
        await visitor.Page.ClickAsync(".theme");
        var light = await GroundAsync(visitor.Page);
        Assert.NotEqual(dark, light);
        await visitor.Page.GotoAsync($"{server.Client.BaseAddress}board/compliance?centre=service-hall");
        Assert.Equal(light, await GroundAsync(visitor.Page));
        await visitor.Page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.False(await visitor.Page.Locator(".find").IsVisibleAsync());
        Assert.Equal("rgb(255, 255, 255)", await GroundAsync(visitor.Page));
    }

    [Fact]
    public async Task Without_scripts_a_filter_has_its_button_and_the_board_renews_itself_by_the_browser()
    {
        await using var server = await HallAsync();
        await using var visitor = await chromium.VisitAsync(scripts: false);
        await visitor.Page.GotoAsync($"{server.Client.BaseAddress}?centre=service-hall");
        await visitor.Page.SelectOptionAsync("select[name=window]", "W2");
        await visitor.Page.ClickAsync(".filters button");
        // Asked by the protocol: a function that polls in the page is never called again where scripts are off.
        await visitor.Page.WaitForURLAsync("**window=W2**", new() { WaitUntil = WaitUntilState.Commit });
        Assert.Equal("60", await visitor.Page.Locator("meta[http-equiv=refresh]").GetAttributeAsync("content"));
    }

    private static async Task<TestServer> HallAsync()
    {
        var server = await TestServer.StartAsync(BoardHall.Now);
        await BoardHall.FillAsync(server);
        return server;
    }

    private static Task<string> GroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
