using System.Globalization;
using System.Text;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using SlaMonitor.EventStore;

namespace SlaMonitor.Bench;

/// <summary>
/// A log as a large hall would leave it: cases of ten events each, interleaved by time, a quarter of them open at any
/// moment and at the end. Made anew from its number, so that every run measures the same log.
/// </summary>
internal sealed class HallLog(int cases)
{
    /// <summary>The centre whose catalogue it follows.</summary>
    public const string Centre = "service-hall";

    private static readonly Instant First = Instant.FromUtc(2026, 1, 5, 1, 0);
    private static readonly Duration Span = Duration.FromDays(120);
    private static readonly string[] Items = ["business-licence", "food-business-licence", "public-place-hygiene", "clinic-licence", "nurse-registration"];

    /// <summary>A case in full, with its place between first and last event of the life of one (0 to 1).</summary>
    private static readonly (double At, string Type, string Data)[] Life =
    [
        (0, "case_received", """{"item":"ITEM","channel":1,"window":"W1","staff":"W1-01"}"""),
        (0.06, "case_accepted", """{"notice":{"number":"N-1"}}"""),
        (0.1, "case_stage_entered", """{"stage":"review","window":"W2","staff":"W2-02"}"""),
        (0.2, "case_stage_entered", """{"stage":"expert","window":"W2","staff":"W2-03"}"""),
        (0.3, "case_special_procedure_started", """{"procedure":"p1","cause":"hearing"}"""),
        (0.5, "case_special_procedure_ended", """{"procedure":"p1"}"""),
        (0.7, "case_stage_entered", """{"stage":"decision","window":"W3","staff":"W3-01"}"""),
        (0.9, "case_decided", """{"outcome":"approved"}"""),
        (0.92, "case_applicant_notified", """{}"""),
        (1, "case_closed", """{}"""),
    ];

    /// <summary>What happens in place of the hearing that only every fourth case has.</summary>
    private static readonly Dictionary<int, (double At, string Type, string Data)> Without = new()
    {
        [4] = (0.3, "case_reassigned", """{"window":"W2","staff":"W2-04"}"""),
        [5] = (0.5, "case_stage_entered", """{"stage":"opinion","window":"W2","staff":"W2-04"}"""),
    };

    /// <summary>Events of the whole log.</summary>
    public int Count => Rows().Count();

    /// <summary>Copies it into an empty store, in the order in which things happened.</summary>
    public async Task<long> LoadAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var counts = new int[cases];
        foreach (var (number, _, _) in Rows())
            counts[number]++;
        await using (var streams = await connection.BeginBinaryImportAsync("COPY mt_streams (tenant_id, id, type, version) FROM STDIN (FORMAT binary)", ct))
        {
            for (var number = 0; number < cases; number++)
                await streams.WriteRowAsync(ct, Centre, StreamOf(number), "case", (long)counts[number]);
            await streams.CompleteAsync(ct);
        }

        await using var draw = new NpgsqlCommand("SELECT nextval('mt_events_sequence')", connection);
        var position = (long)(await draw.ExecuteScalarAsync(ct))! - 1;
        await using (var copy = await connection.BeginBinaryImportAsync("COPY mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, is_archived) FROM STDIN (FORMAT binary)", ct))
        {
            copy.Timeout = Timeout.InfiniteTimeSpan;
            var versions = new int[cases];
            foreach (var (number, at, act) in Ordered())
                await WriteAsync(copy, ++position, number, ++versions[number], at, number % 4 != 0 && Without.TryGetValue(act, out var other) ? other : Life[act], ct);
            await copy.CompleteAsync(ct);
        }

        await using var move = new NpgsqlCommand("SELECT setval('mt_events_sequence', $1)", connection) { Parameters = { new() { Value = position } } };
        await move.ExecuteNonQueryAsync(ct);
        return position;
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, long position, int number, int version, Instant at, (double At, string Type, string Data) act, CancellationToken ct)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{number}/{version}");
        var data = act.Data.Replace("ITEM", Items[number % Items.Length], StringComparison.Ordinal);
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(position, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(EventId.From(Centre, "bench", id), NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(StreamOf(number), NpgsqlDbType.Varchar, ct);
        await copy.WriteAsync((long)version, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","data":{{data}},"source":"bench/desk","occurredAt":"{{SlaMonitor.Domain.Timestamps.Format(at)}}"}"""), NpgsqlDbType.Jsonb, ct);
        await copy.WriteAsync(act.Type, NpgsqlDbType.Varchar, ct);
        await copy.WriteAsync(at.ToDateTimeUtc(), NpgsqlDbType.TimestampTz, ct);
        await copy.WriteAsync(Centre, NpgsqlDbType.Varchar, ct);
        await copy.WriteAsync(false, NpgsqlDbType.Boolean, ct);
    }

    private static string StreamOf(int number) => string.Create(CultureInfo.InvariantCulture, $"case/2026-{number:000000}");

    private IEnumerable<(int Number, Instant At, int Act)> Ordered() => Rows().OrderBy(r => r.At).ThenBy(r => r.Number).ThenBy(r => r.Act);

    // Lives last from an eighth to three eighths of the whole, so a quarter of all cases is open at any moment; what lies beyond the end has not happened.
    private IEnumerable<(int Number, Instant At, int Act)> Rows()
    {
        for (var number = 0; number < cases; number++)
        {
            var start = First + (Span * ((double)number / cases * 1.25));
            var life = Span * (0.125 + (0.25 * (number * 7919L % 1000 / 1000.0)));
            for (var act = 0; act < Life.Length; act++)
            {
                var at = start + (life * Life[act].At) + Duration.FromMilliseconds(number % 977);
                if (at <= First + (Span * 1.25))
                    yield return (number, at, act);
            }
        }
    }
}
