using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace SlaMonitor.Tests.EndToEnd.Chaos;

/// <summary>What falls on the system.</summary>
internal enum Blow
{
    KillHost,
    StopHost,
    TerminateBackends,
    RestartServer,
    CrashServer,
    FillDisk,
    FillWal,
}

/// <summary>The rounds: a deck of blows in random order, each at a random moment, some of them while a rebuild runs.</summary>
internal sealed class ChaosRounds(ChaosGround ground, IReadOnlyList<ChaosHost> hosts, ChaosLoad load, Random random, Action<string> say) : IAsyncDisposable
{
    // Enough that the next blow falls into work that came after this one; fewer while a host is stopped, so that others fall meanwhile.
    private const int BatchesBetween = 60;
    private const int BatchesWhileStopped = 15;
    private const int RoundsBetweenCatalogues = 4;

    // The checkpointer starts anew with every recovery; the postmaster need not.
    private const string ServerStarted = "SELECT backend_start FROM pg_stat_activity WHERE backend_type = 'checkpointer'";

    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _stops = [];
    private readonly List<Process> _rebuilds = [];

    /// <summary>Fifty rounds hold each blow this often: most of what is cheapest, and enough of the rest.</summary>
    public static IReadOnlyList<(Blow Blow, int Share)> Shares { get; } =
        [(Blow.KillHost, 14), (Blow.StopHost, 10), (Blow.TerminateBackends, 12), (Blow.RestartServer, 4), (Blow.CrashServer, 5), (Blow.FillDisk, 3), (Blow.FillWal, 2)];

    public async Task RunAsync(int rounds, Func<bool> broken)
    {
        var whole = Shares.SelectMany(s => Enumerable.Repeat(s.Blow, s.Share)).ToArray();
        var deck = new List<Blow>();
        for (var round = 1; round <= rounds && !broken(); round++)
        {
            if (deck.Count == 0)
            {
                random.Shuffle(whole);
                deck.AddRange(whole);
            }

            var blow = deck[^1];
            deck.RemoveAt(deck.Count - 1);
            // A new catalogue, too, comes in the middle of things: with the next host that starts.
            if (round % RoundsBetweenCatalogues == 0)
                await ground.OfferCatalogueAsync(1 + (round / RoundsBetweenCatalogues));
            await RoundAsync(round, blow, (When)random.Next(4), random.Next(4) == 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_stops);
        foreach (var rebuild in _rebuilds)
        {
            if (!rebuild.HasExited)
                rebuild.Kill();
            rebuild.Dispose();
        }

        _ending.Dispose();
    }

    private async Task RoundAsync(int round, Blow blow, When when, bool rebuild)
    {
        var took = Stopwatch.StartNew();
        // One goes on, or there would be nobody to go on with.
        if (blow == Blow.StopHost)
            await Task.WhenAll(_stops);
        var rebuilding = rebuild ? await StartRebuildAsync() : null;
        string struck;
        bool hit;
        await using (var moment = await ChaosMoment.ComesAsync(when, ground))
            (struck, hit) = (await StrikeAsync(blow, moment.Host, rebuilding), moment.Hit);
        say(string.Create(CultureInfo.InvariantCulture, $"round {round}: {struck}, {when}{(hit ? "" : " (which did not come)")}{(rebuild ? ", during a rebuild" : "")}"));
        await RecoveredAsync(round);
        say(string.Create(CultureInfo.InvariantCulture, $"  over after {took.Elapsed.TotalSeconds:f1} s, {load.Acknowledged.Count} events acknowledged"));
    }

    /// <summary>A blow has been survived when something is acknowledged after it and, unless a stopped host holds them up, the read models move.</summary>
    private async Task RecoveredAsync(int round)
    {
        var wanted = load.Batches + (hosts.Any(h => h.IsStopped) ? BatchesWhileStopped : BatchesBetween);
        await Condition.HoldsAsync(() => Task.FromResult(load.Batches >= wanted), $"something is acknowledged after the blow of round {round}");
        var position = await ground.AskAsync<long>("SELECT max(seq_id) FROM mt_events");
        await Condition.HoldsAsync(
            async () => hosts.Any(h => h.IsStopped) || (await Task.WhenAll(hosts.Select(h => h.HasReachedAsync(position)))).Any(r => r),
            $"the read models follow after the blow of round {round}");
    }

    private async Task<string> StrikeAsync(Blow blow, string? inside, Process? rebuilding)
    {
        var host = hosts.FirstOrDefault(h => h.Name == inside) ?? hosts[random.Next(hosts.Count)];
        switch (blow)
        {
            case Blow.KillHost when rebuilding is not null && random.Next(2) == 0:
                rebuilding.Kill();
                return "the rebuild is killed";
            case Blow.KillHost:
                host.Kill();
                return $"{host.Name} is killed";
            case Blow.StopHost:
                _stops.Add(host.StopForAsync(StopTime, _ending.Token));
                return $"{host.Name} is stopped";
            case Blow.TerminateBackends:
                return $"{await TerminateAsync()} backends are terminated";
            case Blow.RestartServer or Blow.CrashServer:
                await ground.RestartServerAsync(crash: blow == Blow.CrashServer);
                return blow == Blow.CrashServer ? "the server crashes" : "the server is restarted";
            default:
                return await FillAsync(blow == Blow.FillWal) ? "the disk is full and the server panicked" : "the disk is full";
        }
    }

    private async Task<int> TerminateAsync()
    {
        var backends = await ground.ListAsync<int>($"SELECT pid FROM pg_stat_activity WHERE application_name LIKE '{ChaosGround.HostPrefix}%' ORDER BY pid");
        var struck = backends.Where(_ => random.Next(3) > 0).ToList();
        await ground.ListAsync<bool>($"SELECT pg_terminate_backend(pid) FROM unnest('{{{string.Join(',', struck)}}}'::int[]) pid");
        return struck.Count;
    }

    /// <summary>True when it was too much for the server.</summary>
    private async Task<bool> FillAsync(bool wal)
    {
        var started = await ground.AskAsync<DateTime>(ServerStarted);
        var refusals = load.Refusals;
        await ground.FillDiskAsync();
        try
        {
            // The server needs a new segment now; without one it panics.
            if (wal)
                await ground.ListAsync<bool>("SELECT pg_switch_wal() IS NOT NULL FROM generate_series(1, 3)");
        }
        catch (NpgsqlException)
        {
            // That it does is what the round is about.
        }

        var until = DateTime.UtcNow + FullFor;
        while (DateTime.UtcNow < until && load.Refusals < refusals + 5)
            await Task.Delay(20);
        await ground.FreeDiskAsync();
        return await ground.AskAsync<DateTime>(ServerStarted) != started;
    }

    /// <summary>Starts <c>sla rebuild</c> and waits until it works on the database.</summary>
    private async Task<Process> StartRebuildAsync()
    {
        const string name = "chaos-rebuild";
        var log = Path.Combine(ground.Folder, $"{name}-{_rebuilds.Count + 1}.log");
        var process = Process.Start(ChaosHost.InLog(SlaProgram.StartInfo("rebuild"), log, ground.ConnectionString(name)))!;
        _rebuilds.Add(process);
        await Condition.HoldsAsync(async () => process.HasExited || await ground.AskAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{name}'") > 0);
        // Somewhere in the half second that it takes.
        await Task.Delay(random.Next(500));
        return process;
    }
}
