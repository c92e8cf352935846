using System.Globalization;
using System.Reflection;
using Npgsql;

namespace SlaMonitor.Projections.Engine;

/// <summary>One whole set of read-model tables, and the checkpoint that says how far it has come.</summary>
/// <param name="Number">Names the tables.</param>
/// <param name="Version">The version of the logic that fills them.</param>
internal sealed record Generation(int Number, int Version)
{
    /// <summary>The version of this program's logic. What changes rows takes the next, and is rebuilt beside.</summary>
    public const int CurrentVersion = 7;

    /// <summary>The names of its tables, without the number.</summary>
    public static IReadOnlyList<string> Tables { get; } = ["commitment_clock", "compliance_daily", "compliance_monthly", "compliance_total", "anomaly", "restatement", "outage", "service_span", "exclusion", "maintenance", "complaint", "case_rating", "satisfaction_daily", "availability_daily", "interruption", "source_day", "availability_sweep", "clock_notice", "quarantine", "catalogue_sweep"];

    /// <summary>The checkpoint's name in <c>mt_event_progression</c>.</summary>
    public string Checkpoint => string.Create(CultureInfo.InvariantCulture, $"sla:read-models:{Number}");

    /// <summary>The full name of a table of this generation.</summary>
    public string Table(string name) => string.Create(CultureInfo.InvariantCulture, $"sla.{name}_{Number}");

    /// <summary>Makes its tables, the large ones without keys, and its checkpoint at the log's beginning.</summary>
    public async Task CreateAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await RunAsync(connection, Script("tables"), ct);
        await using var checkpoint = new NpgsqlCommand("INSERT INTO public.mt_event_progression (name, last_seq_id) VALUES ($1, 0) ON CONFLICT (name) DO UPDATE SET last_seq_id = 0", connection) { Parameters = { new() { Value = Checkpoint } } };
        await checkpoint.ExecuteNonQueryAsync(ct);
    }

    /// <summary>How far it has come; null when another has taken its place.</summary>
    /// <param name="connection">In the caller's transaction, if it has one.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="lockedBy">How the checkpoint is locked, until the transaction ends.</param>
    public async Task<long?> CheckpointAsync(NpgsqlConnection connection, CancellationToken ct, string lockedBy = "")
    {
        await using var select = new NpgsqlCommand($"SELECT last_seq_id FROM public.mt_event_progression WHERE name = $1 {lockedBy}", connection) { Parameters = { new() { Value = Checkpoint } } };
        return (long?)await select.ExecuteScalarAsync(ct);
    }

    /// <summary>Makes the keys and indexes of the large tables.</summary>
    public Task IndexAsync(NpgsqlConnection connection, CancellationToken ct) => RunAsync(connection, Script("indexes"), ct);

    /// <summary>Lets readers see this generation.</summary>
    public Task ShowAsync(NpgsqlConnection connection, CancellationToken ct) => RunAsync(connection, Script("views"), ct);

    /// <summary>Takes its tables, its checkpoint and its record away.</summary>
    public Task DropAsync(NpgsqlConnection connection, CancellationToken ct) => RunAsync(connection, string.Create(CultureInfo.InvariantCulture, $"""
        DROP TABLE IF EXISTS {string.Join(", ", Tables.Select(Table))};
        DELETE FROM public.mt_event_progression WHERE name = '{Checkpoint}';
        DELETE FROM sla.generation WHERE number = {Number};
        """), ct);

    private string Script(string name)
    {
        using var script = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"SlaMonitor.Projections.Schema.{name}.sql")!);
        return script.ReadToEnd().Replace("{n}", Number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
