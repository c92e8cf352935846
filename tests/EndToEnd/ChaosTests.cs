using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SlaMonitor.Tests.EndToEnd.Chaos;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.EndToEnd;

/// <summary>Nothing else runs meanwhile: the blows are to fall on a machine that is busy with this alone.</summary>
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class ChaosAlone;

/// <summary>
/// Two hosts over one database, under load, and fifty blows: what was acknowledged is stored once, and the read models are what
/// the log says. The seed is printed; with <c>SLA_CHAOS_SEED</c> the blows and the cases are the same again, the instants are not.
/// <c>SLA_CHAOS_ROUNDS</c> makes it shorter or longer, and <c>SLA_CHAOS_KEEP</c> keeps the logs of a run that passed.
/// </summary>
[Collection(nameof(ChaosTests))]
public sealed class ChaosTests(ITestOutputHelper output)
{
    // Two seconds after due are enough for the last level of the short promise, a second after, and for its notice.
    private const string Running = "SELECT count(*) FROM sla.commitment_clock WHERE commitment = 'chaos.short' AND state = 'open' AND due_at > clock_timestamp() - interval '2 seconds'";

    private readonly List<string> _violations = [];
    private readonly List<string> _said = [];

    [Fact]
    public async Task Through_fifty_blows_what_was_acknowledged_is_stored_once_and_the_read_models_are_what_the_log_says()
    {
        var seed = Number("SLA_CHAOS_SEED") ?? Random.Shared.Next();
        Say($"SLA_CHAOS_SEED={seed}");
        await using var ground = await ChaosGround.CreateAsync();
        var hosts = new List<ChaosHost>();
        try
        {
            await RunAsync(ground, hosts, seed, Number("SLA_CHAOS_ROUNDS") ?? 50);
            if (Environment.GetEnvironmentVariable("SLA_CHAOS_KEEP") is null)
                await File.WriteAllTextAsync(Path.Combine(ground.Folder, "passed"), "");
        }
        catch
        {
            Say($"the logs stay in {ground.Folder}");
            foreach (var host in hosts)
                Say($"--- {host.Name}, started {host.Starts} times:\n{host.LogTail()}");
            Say($"--- PostgreSQL:\n{ground.ServerLogTail()}");
            throw;
        }
        finally
        {
            await Task.WhenAll(hosts.Select(h => h.DisposeAsync().AsTask()));
            await File.WriteAllLinesAsync(Path.Combine(ground.Folder, "rounds.log"), _said);
        }
    }

    private async Task RunAsync(ChaosGround ground, List<ChaosHost> hosts, int seed, int rounds)
    {
        await ground.OfferCatalogueAsync(1);
        var started = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        hosts.AddRange(Enumerable.Range(1, 2).Select(n => new ChaosHost($"{ChaosGround.HostPrefix}-{n}", FreePort(), ground, Violation)));
        await Condition.HoldsAsync(async () => (await Task.WhenAll(hosts.Select(h => h.IsReadyAsync()))).All(r => r));
        using var load = new ChaosLoad(hosts, seed, Violation);
        await using (var all = new ChaosRounds(ground, hosts, load, new Random(seed), Say))
            await all.RunAsync(rounds, () => _violations.Count > 0);
        await load.FinishAsync();
        Say(load.Answers);
        Assert.Empty(_violations);

        await SettledAsync(ground, hosts);
        await Check("stored once", ground, _ => StoredOnceAsync(ground, load));
        await Check("streams", ground, g => g.ListAsync<string>(ChaosChecks.BrokenStreams));
        await Check("quarantine", ground, g => g.ListAsync<string>("SELECT tenant_id || ' ' || stream_id || ': ' || reason FROM sla.quarantine"));
        await Check("read model (left) and recount (right)", ground, g => g.ListAsync<string>(ChaosChecks.Differences(ChaosChecks.ReadModel, ChaosChecks.Recount)));
        await NoticesAsync(ground, started);
        await RebuiltIsTheSameAsync(ground);
        await Task.WhenAll(hosts.Select(h => h.DisposeAsync().AsTask()));
        Assert.Empty(_violations);
    }

    /// <summary>Until every clock that is to fall due in this run has, and both hosts answer for all that is stored, notices included.</summary>
    private static async Task SettledAsync(ChaosGround ground, List<ChaosHost> hosts)
    {
        const string last = "SELECT max(seq_id) FROM mt_events";
        foreach (var host in hosts)
            await Condition.HoldsAsync(async () => await host.HasReachedAsync(await ground.AskAsync<long>(last)));
        await Condition.HoldsAsync(async () => await ground.AskAsync<long>(Running) == 0);
        foreach (var host in hosts)
            await Condition.HoldsAsync(async () => await host.HasReachedAsync(await ground.AskAsync<long>(last)));
    }

    private async Task<List<string>> StoredOnceAsync(ChaosGround ground, ChaosLoad load)
    {
        var stored = await ground.ListAsync<string>(ChaosChecks.Stored);
        var sent = load.Sent.Values.ToDictionary(e => e.Id, e => string.Join('|', e.Id, e.Stream, e.Type, e.OccurredAt.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture), ChaosCases.Source));
        var catalogues = await ground.AskAsync<long>("SELECT count(*) FROM mt_events WHERE stream_id = 'catalogue/main'");
        Say($"{stored.Count} case events stored, {load.Acknowledged.Count} acknowledged, {catalogues} catalogues published");
        return
        [
            .. stored.GroupBy(s => s).Where(g => g.Count() > 1).Select(g => $"stored {g.Count()} times: {g.Key}"),
            .. load.Acknowledged.Keys.Where(id => !sent.ContainsKey(id)).Select(id => $"acknowledged and not sent: {id}"),
            .. load.Acknowledged.Keys.Select(id => sent[id]).Except(stored).Select(s => $"acknowledged and not stored: {s}"),
            .. stored.Except(sent.Values).Select(s => $"stored and never sent: {s}"),
        ];
    }

    /// <summary>Notices are events: told exactly once, whatever fell on the host that told them.</summary>
    private async Task NoticesAsync(ChaosGround ground, string started)
    {
        // The last of them may be on their way; what is wrong after this long stays wrong.
        var until = DateTime.UtcNow.AddSeconds(20);
        while (DateTime.UtcNow < until && (await ground.ListAsync<string>(ChaosNotices.WrongBreaches(started))).Count > 0)
            await Task.Delay(TimeSpan.FromSeconds(1));
        await Check("notices told once", ground, g => g.ListAsync<string>(ChaosNotices.NotOnce));
        await Check("notices told in time", ground, g => g.ListAsync<string>(ChaosNotices.Untimely));
        await Check("breaches told", ground, g => g.ListAsync<string>(ChaosNotices.WrongBreaches(started)));
    }

    private async Task RebuiltIsTheSameAsync(ChaosGround ground)
    {
        await SucceedsAsync(ground, "verify");
        var columns = string.Join(", ", await ground.ListAsync<string>(
            "SELECT quote_ident(column_name) FROM information_schema.columns WHERE table_schema = 'sla' AND table_name = 'commitment_clock' AND column_name <> 'next_notice_at' ORDER BY ordinal_position"));
        var views = new[] { (Name: "clocks", Now: $"SELECT {columns} FROM sla.commitment_clock"), (Name: "days", Now: "SELECT * FROM sla.compliance_daily") };
        foreach (var view in views)
            await ground.ListAsync<long>($"CREATE TABLE public.chaos_{view.Name} AS {view.Now}");
        await SucceedsAsync(ground, "rebuild");
        foreach (var view in views)
            await Check($"{view.Name} before (left) and after (right) a rebuild", ground, g => g.ListAsync<string>(ChaosChecks.Differences($"SELECT * FROM public.chaos_{view.Name}", view.Now)));
        await SucceedsAsync(ground, "verify");
    }

    private static async Task SucceedsAsync(ChaosGround ground, string verb)
    {
        var log = Path.Combine(ground.Folder, $"{verb}.log");
        using var process = System.Diagnostics.Process.Start(ChaosHost.InLog(SlaProgram.StartInfo(verb), log, ground.ConnectionString($"chaos-{verb}")))!;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"sla {verb} ended with {process.ExitCode}: {await File.ReadAllTextAsync(log)}");
    }

    private async Task Check(string what, ChaosGround ground, Func<ChaosGround, Task<List<string>>> faults)
    {
        var found = await faults(ground);
        foreach (var fault in found.Take(30))
            Say($"{what}: {fault}");
        Assert.True(found.Count == 0, $"{what}: {found.Count} faults, the first: {string.Join('\n', found.Take(5))}");
    }

    private void Violation(string what)
    {
        Say($"VIOLATION: {what}");
        lock (_violations)
            _violations.Add(what);
    }

    private void Say(string line)
    {
        lock (_said)
        {
            _said.Add(line);
            output.WriteLine(line);
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
