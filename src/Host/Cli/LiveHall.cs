using NodaTime;
using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Cli;

/// <summary>The sample hall as it goes on beside a running host; it ends with the host.</summary>
internal sealed class LiveHall : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly LiveDemo _demo;
    private readonly Task _running;

    private LiveHall(LiveDemo demo, CancellationTokenSource stop)
    {
        (_demo, _stop) = (demo, stop);
        _running = demo.RunAsync(fault => Console.Error.WriteLine($"sla: the sample hall waits: {fault.Message}"), stop.Token);
    }

    /// <summary>Starts it; null when there is no sample hall in the store.</summary>
    public static async Task<LiveHall?> StartAsync(WebApplication app, NpgsqlDataSource database, CancellationToken ct)
    {
        var (log, follower) = (app.Services.GetRequiredService<GroupCommit>(), app.Services.GetRequiredService<Follower>());
        if (await new Centres(database).CatalogueOfAsync(DemoPlan.Centre, ct) is not { Newest: { Items.Count: > 0, Commitments.Length: > 0 } catalogue })
            return null;
        var demo = await LiveDemo.FindAsync(database, catalogue, app.Services.GetRequiredService<IClock>(), AppendAsync, ct);
        return demo is null ? null : new LiveHall(demo, CancellationTokenSource.CreateLinkedTokenSource(ct, app.Lifetime.ApplicationStopping));

        async Task AppendAsync(IReadOnlyList<EventToAppend> events)
        {
            await log.AppendAsync(DemoPlan.Centre, events, CancellationToken.None);
            follower.Wake();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _demo.Dispose();
        _stop.Dispose();
    }
}
