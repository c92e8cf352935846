using System.Diagnostics;
using System.Globalization;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Cli;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Bench;

/// <summary>
/// A CSV file by a mapping, for the first time and once more, against binary COPY of events that are the same but for their
/// cases, mapped beforehand, into the same tables in one transaction. Reading, mapping and checking are ours alone.
/// </summary>
internal sealed class ImportRows(NpgsqlDataSource source, int rounds, int rows, string folder)
{
    private const string By = """
        format: csv
        centre: service-hall
        source: bench/desk
        case: case
        events:
          - { type: case_received, each: row, when: { act: received }, at: at, id: "{act}", data: { item: { from: item }, window: { from: window }, staff: { from: staff } } }
          - { type: case_accepted, each: row, when: { act: accepted }, at: at, id: "{act}" }
          - { type: case_stage_entered, each: row, when: { act: review }, at: at, id: "{act}", data: { stage: { from: act }, window: { from: window }, staff: { from: staff } } }
          - { type: case_decided, each: row, when: { act: decided }, at: at, id: "{act}", data: { outcome: { from: outcome } } }
          - { type: case_closed, each: row, when: { act: closed }, at: at, id: "{act}" }
        """;

    private static readonly string[] Acts = ["received", "accepted", "review", "decided", "closed"];
    private static readonly string[] Items = ["business-licence", "food-business-licence", "public-place-hygiene", "clinic-licence", "nurse-registration"];
    private static readonly Instant First = Instant.FromUtc(2026, 1, 5, 1, 0);

    public async Task<IReadOnlyList<BenchRow>> MeasureAsync(CancellationToken ct)
    {
        await SlaMonitor.Host.Database.PrepareAsync(source, CatalogueFiles.Folder, ct);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "mapping.yaml");
        await File.WriteAllTextAsync(path, By, ct);
        var mapping = MappingFile.Read(path);
        var centres = await ImportCommand.CataloguesAsync(source, mapping, ct);
        var what = string.Create(CultureInfo.InvariantCulture, $"import of a CSV file of {rows:N0} rows");
        return
        [
            await BenchRow.InTurnAsync($"{what}: events/s ÷ COPY", "—", rounds, r => ImportAsync(mapping, centres, r, again: false, ct), r => CopyAsync(mapping, centres, $"copy-{r}", ct)),
            await BenchRow.InTurnAsync($"{what}, once more: events/s ÷ COPY", "—", rounds, r => ImportAsync(mapping, centres, r, again: true, ct), r => CopyAsync(mapping, centres, $"copy-again-{r}", ct)),
        ];
    }

    private async Task<double> ImportAsync(MappingFile mapping, IReadOnlyDictionary<string, CatalogueLog> centres, int round, bool again, CancellationToken ct)
    {
        var (file, tally) = (Write($"ours-{round}"), new ImportTally());
        var started = Stopwatch.GetTimestamp();
        await using (var input = new ImportFile(file, mapping, centres))
        {
            using var rejects = new Rejects(file.FullName + ".rejects.csv");
            await using var holds = new SourceHolds(source);
            await new ImportRun(new SlaMonitor.EventStore.EventLog(source), new SlaMonitor.Host.Vault.EventSealing(source, new SlaMonitor.Host.Vault.KeyTable(source, SlaMonitor.Host.Vault.KeyFile.None)), mapping.Mapping, tally, rejects, holds).RunAsync(input.Events(tally, (line, faults, _) => rejects.Add(line, faults)), () => { }, ct);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        file.Delete();
        return (again ? tally.Duplicates : tally.Appended) == rows ? rows / seconds
            : throw new InvalidOperationException($"{tally.Appended} events of {rows} rows were stored and {tally.Duplicates} were there");
    }

    private async Task<double> CopyAsync(MappingFile mapping, IReadOnlyDictionary<string, CatalogueLog> centres, string prefix, CancellationToken ct)
    {
        var file = Write(prefix);
        List<EventToAppend> events;
        await using (var input = new ImportFile(file, mapping, centres))
            events = [.. input.Events(new ImportTally(), (_, _, _) => { }).Select(e => e.Event)];
        file.Delete();
        var started = Stopwatch.GetTimestamp();
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await CopyStreamsAsync(connection, events, ct);
        await CopyEventsAsync(connection, events, ct);
        await transaction.CommitAsync(ct);
        return events.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task CopyStreamsAsync(NpgsqlConnection connection, List<EventToAppend> events, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY mt_streams (tenant_id, id, type, version) FROM STDIN (FORMAT binary)", ct);
        foreach (var stream in events.CountBy(e => e.StreamId))
            await copy.WriteRowAsync(ct, HallLog.Centre, stream.Key, "case", (long)stream.Value);
        await copy.CompleteAsync(ct);
    }

    private static async Task CopyEventsAsync(NpgsqlConnection connection, List<EventToAppend> events, CancellationToken ct)
    {
        await using var draw = new NpgsqlCommand("SELECT setval('mt_events_sequence', nextval('mt_events_sequence') + $1 - 1)", connection) { Parameters = { new() { Value = (long)events.Count } } };
        var position = (long)(await draw.ExecuteScalarAsync(ct))! - events.Count;
        await using var copy = await connection.BeginBinaryImportAsync("COPY mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type) FROM STDIN (FORMAT binary)", ct);
        for (var i = 0; i < events.Count; i++)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(++position, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(events[i].Id, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(events[i].StreamId, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync((long)(i % Acts.Length) + 1, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(events[i].Data, NpgsqlDbType.Jsonb, ct);
            await copy.WriteAsync(events[i].Type, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(DateTime.UtcNow, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(HallLog.Centre, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(events[i].DotnetType, NpgsqlDbType.Varchar, ct);
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>A file of cases whose numbers begin with a word; the same word makes the same file.</summary>
    private FileInfo Write(string prefix)
    {
        var file = new FileInfo(Path.Combine(folder, prefix + ".csv"));
        using var text = file.CreateText();
        text.Write("case,act,at,item,window,staff,outcome,remark\n");
        for (var row = 0; row < rows; row++)
        {
            var (number, act) = (row / Acts.Length, row % Acts.Length);
            var at = First + Duration.FromSeconds(number * 20L) + Duration.FromDays(act);
            text.Write(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:000000},{Acts[act]},{at},{Items[number % Items.Length]},W1,W1-01,approved,\"at the desk, in person\"\n"));
        }

        return file;
    }
}
