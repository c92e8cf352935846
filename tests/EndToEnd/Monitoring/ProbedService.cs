using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace SlaMonitor.Tests.EndToEnd.Monitoring;

/// <summary>A service that answers at one address for as long as it is up. What it was last told to become, it became between two instants.</summary>
internal sealed class ProbedService : IAsyncDisposable
{
    private WebApplication? _app;

    public string Url { get; } = MonitorProgram.FreeUrl();

    /// <summary>Lets it answer.</summary>
    public Task<Interval> StartAsync() => BetweenAsync(async () =>
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url);
        _app = builder.Build();
        _app.MapGet("/", () => "here");
        await _app.StartAsync();
    });

    /// <summary>Takes it away: nothing listens at its address any more.</summary>
    public Task<Interval> KillAsync() => BetweenAsync(async () => await DisposeAsync());

    public async ValueTask DisposeAsync()
    {
        if (_app is not { } app)
            return;
        _app = null;
        // Nobody is waited for.
        await app.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.DisposeAsync();
    }

    private static async Task<Interval> BetweenAsync(Func<Task> act)
    {
        var before = SystemClock.Instance.GetCurrentInstant();
        await act();
        return new Interval(before, SystemClock.Instance.GetCurrentInstant());
    }
}
