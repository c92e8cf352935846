using Microsoft.Playwright;

namespace SlaMonitor.Tests.EndToEnd.Browser;

/// <summary>Debian's Chromium without a window, one for all tests of a class.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    // Refused connections of the browser's own would stand in the console beside those of ours.
    private static readonly string[] Quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        Assert.True(File.Exists(Program), $"{Program} is needed and not there: install Debian's chromium");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Quiet });
    }

    /// <summary>A page of a person with this screen and these preferences.</summary>
    public async Task<Visitor> VisitAsync(int width = 1280, int height = 900, string locale = "en-GB", ColorScheme scheme = ColorScheme.Light, bool scripts = true)
    {
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, Locale = locale, ColorScheme = scheme, JavaScriptEnabled = scripts });
        return new Visitor(context, await context.NewPageAsync());
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}

/// <summary>A page, and everything its console said that should not be said.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    internal Visitor(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add(message.Text);
        };
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console so far.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Fails when something is cut off at the right or the console complained.</summary>
    public async Task LooksRightAsync()
    {
        // A click returns when the next page begins to come, which may be before its style has.
        await Page.EvaluateAsync("() => document.readyState === 'complete' ? true : new Promise(loaded => addEventListener('load', () => loaded(true), { once: true }))");
        Assert.Empty(_complaints);
        var wide = await Page.EvaluateAsync<string>("document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll, .drawing')).map(e => e.outerHTML.slice(0, 80)).slice(-3).join(' | ') || 'something'");
        Assert.True(wide.Length == 0, $"{Page.Url} is wider than the screen: {wide}");
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
