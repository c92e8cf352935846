using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Projections;

/// <summary>
/// The read models for one question: as they are, or as they were. Both have relations of the same columns, so that one query
/// asks either.
/// </summary>
public sealed class ReadModels : IAsyncDisposable
{
    private readonly NpgsqlDataSource? _present;
    private readonly NpgsqlConnection? _past;

    private ReadModels(NpgsqlDataSource present) => _present = present;

    private ReadModels(NpgsqlConnection connection, Past past)
    {
        (_past, Clocks, Days, Quarantine) = (connection, past.Clocks, past.Days, past.Quarantine);
        (Outages, Spans, Exclusions, Complaints, Ratings) = (past.Outages, past.Spans, past.Exclusions, past.Complaints, past.Ratings);
    }

    /// <summary>What stands in a FROM for <c>commitment_clock</c>.</summary>
    public string Clocks { get; } = "sla.commitment_clock";

    /// <summary>What stands in a FROM for <c>compliance_daily</c>. Of a past a day may have several rows, with counts that cancel out.</summary>
    public string Days { get; } = "sla.compliance_daily";

    /// <summary>What stands in a FROM for <c>quarantine</c>, of which a past has centre, stream and reason.</summary>
    public string Quarantine { get; } = "sla.quarantine";

    /// <summary>What stands in a FROM for <c>outage</c>.</summary>
    public string Outages { get; } = "sla.outage";

    /// <summary>What stands in a FROM for <c>service_span</c>.</summary>
    public string Spans { get; } = "sla.service_span";

    /// <summary>What stands in a FROM for <c>exclusion</c>.</summary>
    public string Exclusions { get; } = "sla.exclusion";

    /// <summary>What stands in a FROM for <c>complaint</c>.</summary>
    public string Complaints { get; } = "sla.complaint";

    /// <summary>What stands in a FROM for <c>case_rating</c>.</summary>
    public string Ratings { get; } = "sla.case_rating";

    /// <summary>As they are when asked.</summary>
    /// <param name="dataSource">The database.</param>
    public static ReadModels Now(NpgsqlDataSource dataSource) => new(dataSource);

    /// <summary>As they were, of one centre.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="centre">The centre; of others there is nothing to be relied on.</param>
    /// <param name="catalogue">What it has published by then.</param>
    /// <param name="asOf">Which past; of the instant nothing depends on it here.</param>
    /// <param name="stream">The only stream that will be asked about; null: any.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<ReadModels> AsOfAsync(NpgsqlDataSource dataSource, string centre, CatalogueLog catalogue, AsOf asOf, string? stream, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        ArgumentNullException.ThrowIfNull(catalogue);
        try
        {
            return await PrepareAsync(dataSource, centre, catalogue, asOf, stream, ct);
        }
        catch (PostgresException replaced) when (replaced.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // A rebuild took the tables away between finding and holding them; those that replaced them stay.
            return await PrepareAsync(dataSource, centre, catalogue, asOf, stream, ct);
        }
    }

    /// <summary>A query over the relations.</summary>
    public NpgsqlCommand Command(string sql) => _past is null ? _present!.CreateCommand(sql) : new NpgsqlCommand(sql, _past) { CommandTimeout = 0 };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _past?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<ReadModels> PrepareAsync(NpgsqlDataSource dataSource, string centre, CatalogueLog catalogue, AsOf asOf, string? stream, CancellationToken ct)
    {
        var connection = await dataSource.OpenConnectionAsync(ct);
        try
        {
            // The rows, the checkpoint they stand at and the log, as of one moment; ended with the connection, and nothing is kept.
            await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
            var generation = (await Generations.ActiveAsync(connection, ct))!;
            var past = new Past(connection, generation, centre, catalogue, asOf);
            await past.PrepareAsync(stream, ct);
            return new ReadModels(connection, past);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
