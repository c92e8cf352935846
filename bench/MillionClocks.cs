using System.Globalization;
using System.Text;
using Npgsql;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Bench;

/// <summary>
/// The read models of a large centre: 1,000 services × 5 commitments over 1,000,000 clocks, a quarter of them open, one in fifty breached, the settled ones
/// spread over the year before the moment they are made. They are written straight into the tables of a generation, for the log is not
/// needed to measure reading: nothing that reads the log (a rebuild, an explanation, a past) can be asked of this database.
/// </summary>
internal sealed class MillionClocks(NpgsqlDataSource source, string folder)
{
    /// <summary>The centre.</summary>
    public const string Centre = "million";

    private const int Services = 1_000;
    private const int Commitments = 5;

    // Five clocks a case, all open or all settled.
    private const string Clocks = """
        INSERT INTO {0} (tenant_id, stream_id, commitment, key, ordinal, item, kind, channel, window_id, staff, stage, case_open, source, state, started_at, stopped_at, due_at, due_soon_at, escalates_at,
            paused_at, settled_at, settled_on, due_on, unit, total, used, anomalies, catalogue_version, calendar_version)
        SELECT $1, format('case/2026-%s', lpad(n::text, 6, '0')), 'c' || c, '', 1, 's' || lpad((n % $3)::text, 4, '0'), 'commitment', 1, 'W' || n % 50, 'W' || n % 50 || '-0' || n % 4, 'review', open, 'bench/desk',
               CASE WHEN open THEN 'open' WHEN late THEN 'breached' ELSE 'met' END, began, CASE WHEN NOT open THEN began + took END, due, due - interval '1 day', CASE WHEN open THEN due + interval '3 days' END,
               CASE WHEN open AND n % 16 = 0 THEN began + interval '1 hour' END, CASE WHEN NOT open THEN least(began + took, due - interval '1 microsecond') END,
               CASE WHEN NOT open THEN (least(began + took, due - interval '1 microsecond') AT TIME ZONE 'UTC')::date END, ((due - interval '1 microsecond') AT TIME ZONE 'UTC')::date,
               'WorkingDays', 5, CASE WHEN NOT open THEN 3 END, 0, '1', '1'
        FROM (SELECT n, c, open, late, began, began + interval '6 days' + c * interval '1 hour' AS due, CASE WHEN late THEN interval '8 days' ELSE interval '3 days' END AS took
              FROM (SELECT n, c, open, (n * 7 + c) % 50 = 0 AS late,
                           CASE WHEN open THEN $5 - interval '6 days 12 hours' * spread ELSE $5 - interval '9 days' - interval '356 days' * spread END AS began
                    FROM (SELECT n, (n / $3 + n) % 4 = 0 AS open, (n * 7919 % 10007) / 10007.0 AS spread FROM generate_series(1, $2) AS n) a CROSS JOIN generate_series(1, $4) AS c) b) t
        """;

    /// <summary>Makes it in an empty database.</summary>
    /// <param name="clocks">How many; a fifth of them are cases.</param>
    /// <param name="at">The moment it is of.</param>
    /// <param name="ct">Cancels.</param>
    public async Task MakeAsync(int clocks, DateTime at, CancellationToken ct)
    {
        await SlaMonitor.Host.Database.PrepareAsync(source, CatalogueFolder(), ct);
        // What the catalogue's own event asks for is done before there are clocks that no event explains.
        using (var follower = new Follower(source, fault => throw fault))
            await follower.CatchUpAsync(ct);
        await using var connection = await source.OpenConnectionAsync(ct);
        var active = (await Generations.ActiveAsync(connection, ct))!;
        var next = await Generations.AddAsync(connection, "building", ct);
        await using (var fill = new NpgsqlCommand(Clocks.Replace("{0}", next.Table("commitment_clock"), StringComparison.Ordinal), connection) { CommandTimeout = 0 })
        {
            foreach (var value in (object[])[Centre, clocks / Commitments, Services, Commitments, at])
                fill.Parameters.Add(new() { Value = value });
            await fill.ExecuteNonQueryAsync(ct);
        }

        await next.IndexAsync(connection, ct);
        await ComplianceDaily.ComputeAllAsync(connection, next, ct);
        await ComplianceSums.ComputeAllAsync(connection, next, ct);
        await using (var pass = new NpgsqlCommand("UPDATE public.mt_event_progression SET last_seq_id = (SELECT last_seq_id FROM public.mt_event_progression WHERE name = $1) WHERE name = $2", connection))
        {
            pass.Parameters.Add(new() { Value = active.Checkpoint });
            pass.Parameters.Add(new() { Value = next.Checkpoint });
            await pass.ExecuteNonQueryAsync(ct);
        }

        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await Generations.ActivateAsync(connection, next, active, ct);
            await transaction.CommitAsync(ct);
        }

        await using var tidy = new NpgsqlCommand("VACUUM (ANALYZE)", connection) { CommandTimeout = 0 };
        await tidy.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The folder with the one catalogue it follows, for <c>sla run --catalogues</c>.</summary>
    public string CatalogueFolder()
    {
        const string Hours = "[\"09:00-17:00\"]";
        var text = new StringBuilder($$"""
            version: "1"
            effectiveFrom: 2020-01-01
            centre: { id: {{Centre}}, names: { zh: 大厅, en: Large hall }, calendar: c }
            calendars: { c: { zone: Etc/UTC, week: { mon: {{Hours}}, tue: {{Hours}}, wed: {{Hours}}, thu: {{Hours}}, fri: {{Hours}} } } }

            """);
        text.Append("items:\n");
        for (var item = 0; item < Services; item++)
            text.Append(CultureInfo.InvariantCulture, $"  - {{ id: s{item:0000}, names: {{ zh: 事项{item}, en: Service {item} }}, kind: commitment }}\n");
        text.Append("commitments:\n");
        for (var commitment = 1; commitment <= Commitments; commitment++)
            text.Append(CultureInfo.InvariantCulture, $"  - {{ id: c{commitment}, names: {{ zh: 时限{commitment}, en: Limit {commitment} }}, start: case_received, stop: {{ any: [case_decided] }}, limit: {{ workingDays: 5 }}, target: 0.975 }}\n");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "million.yaml"), text.ToString());
        return folder;
    }
}
