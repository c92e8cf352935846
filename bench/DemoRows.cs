using System.Diagnostics;
using System.Globalization;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Demo;
using SlaMonitor.Host.Vault;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Bench;

/// <summary>
/// The made-up hall: making its events, storing them, against binary COPY of the same rows into a table with the same indexes, and making the read
/// models of them, against copying them out.
/// </summary>
internal sealed class DemoRows(NpgsqlDataSource source, int cases)
{
    private const string Copied = "mt_events_copied";

    public async Task<IReadOnlyList<BenchRow>> MeasureAsync(CancellationToken ct)
    {
        await SlaMonitor.Host.Database.PrepareAsync(source, CatalogueFiles.Folder, ct);
        var catalogue = (await new Centres(source).CatalogueOfAsync(DemoPlan.Centre, ct))!.Newest!;
        var until = SystemClock.Instance.GetCurrentInstant();
        var plan = DemoPlan.UpTo(until, catalogue.Zone, 1, cases);
        var (made, making) = Make(catalogue, plan, until);
        var started = Stopwatch.GetTimestamp();
        var loaded = (await DemoLoad.RunAsync(source, catalogue, plan, null, new DemoSealing(new EventSealing(source, new KeyTable(source, KeyFile.None))), until, (_, _) => { }, ct))!;
        var loading = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var (copyingOut, copyingIn) = await CopyAsync(ct);
        started = Stopwatch.GetTimestamp();
        await new Rebuild(source, (_, _) => { }).RunAsync(ct);
        var rebuilding = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var what = string.Create(CultureInfo.InvariantCulture, $"made-up hall of {cases:N0} cases");
        return
        [
            new($"{what}, {loaded.Appended:N0} events: made/s", made / making, null, null, "—"),
            new($"{what}: made and stored/s ÷ COPY", loaded.Appended / loading, loaded.Appended / copyingIn, copyingIn / loading, "—"),
            new($"{what}: read models of it, events/s ÷ COPY TO STDOUT", loaded.Appended / rebuilding, loaded.Appended / copyingOut, copyingOut / rebuilding, "—"),
            new($"{what}: stored and read models made, seconds", loading + rebuilding, null, null, cases == 60_000 ? "≤ 30" : "—"),
        ];
    }

    private static (long Events, double Seconds) Make(Catalogue catalogue, DemoPlan plan, Instant until)
    {
        var started = Stopwatch.GetTimestamp();
        var events = new HallDemo(catalogue, plan).Events(plan.From).TakeWhile(e => e.RecordedAt <= until).LongCount();
        return (events, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private async Task<(double Out, double In)> CopyAsync(CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using (var same = new NpgsqlCommand($"CREATE TABLE {Copied} (LIKE mt_events INCLUDING ALL)", connection))
            await same.ExecuteNonQueryAsync(ct);
        using var rows = new MemoryStream();
        var started = Stopwatch.GetTimestamp();
        await using (var copy = await connection.BeginRawBinaryCopyAsync("COPY (SELECT * FROM mt_events ORDER BY seq_id) TO STDOUT (FORMAT binary)", ct))
            await copy.CopyToAsync(rows, ct);
        var copyingOut = Stopwatch.GetElapsedTime(started).TotalSeconds;
        rows.Position = 0;
        started = Stopwatch.GetTimestamp();
        await using (var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Copied} FROM STDIN (FORMAT binary)", ct))
            await rows.CopyToAsync(copy, ct);
        return (copyingOut, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
