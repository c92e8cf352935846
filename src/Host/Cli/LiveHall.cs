using NodaTime;
using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;
using SlaMonitor.Host.Vault;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Cli;

/// <summary>The sample hall as it goes on beside a running host, with the outages of its IT department where some were made up; it ends with the host.</summary>
internal sealed class LiveHall : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly LiveDemo[] _demos;
    private readonly Task _running;

    private LiveHall(LiveDemo[] demos, CancellationTokenSource stop)
    {
        (_demos, _stop) = (demos, stop);
        _running = Task.WhenAll(demos.Select(d => d.RunAsync(fault => Console.Error.WriteLine($"sla: the sample hall waits: {fault.Message}"), stop.Token)));
    }

    /// <summary>Starts it; null when there is no sample hall in the store.</summary>
    public static async Task<LiveHall?> StartAsync(WebApplication app, NpgsqlDataSource database, CancellationToken ct)
    {
        var (log, follower, clock, sealing) = (app.Services.GetRequiredService<GroupCommit>(), app.Services.GetRequiredService<Follower>(), app.Services.GetRequiredService<IClock>(), new DemoSealing(app.Services.GetRequiredService<EventSealing>()));
        var centres = new Centres(database);
        if (await centres.CatalogueOfAsync(DemoPlan.Centre, ct) is not { Newest: { Items.Count: > 0, Commitments.Length: > 0 } catalogue }
            || await LiveDemo.FindAsync(database, catalogue, clock, AppendTo(DemoPlan.Centre), ct) is not { } hall)
            return null;
        var outages = await centres.CatalogueOfAsync(OutagePlan.Centre, ct) is { Newest: { Services.Count: > 0 } department }
            ? await OutageLive.FindAsync(database, department, clock, AppendTo(OutagePlan.Centre), ct) : null;
        return new LiveHall(outages is null ? [hall] : [hall, outages], CancellationTokenSource.CreateLinkedTokenSource(ct, app.Lifetime.ApplicationStopping));

        Func<IReadOnlyList<EventToAppend>, Task> AppendTo(string centre) => async events =>
        {
            await log.AppendAsync(centre, await sealing.SealAsync(centre, events, CancellationToken.None), CancellationToken.None);
            follower.Wake();
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        foreach (var demo in _demos)
            demo.Dispose();
        _stop.Dispose();
    }
}
