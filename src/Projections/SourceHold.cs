using Npgsql;

namespace SlaMonitor.Projections;

/// <summary>
/// Marks a source as incomplete: while it is being imported its clocks tell nothing, because the event that stops one may be
/// further down in the file. Released by disposal, or by itself ten minutes after it was renewed last.
/// </summary>
public sealed class SourceHold : IAsyncDisposable
{
    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(30);
    private readonly NpgsqlDataSource _dataSource;
    private readonly Guid _holder = Guid.NewGuid();
    private long _renewed = Environment.TickCount64;

    private SourceHold(NpgsqlDataSource dataSource) => _dataSource = dataSource;

    /// <summary>Holds the timers of a source.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="centre">The centre.</param>
    /// <param name="source">The source, as its events name it.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<SourceHold> BeginAsync(NpgsqlDataSource dataSource, string centre, string source, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        var hold = new SourceHold(dataSource);
        await hold.ExecuteAsync("DELETE FROM sla.source_hold WHERE renewed_at < clock_timestamp() - interval '1 day'", ct);
        await hold.ExecuteAsync("INSERT INTO sla.source_hold (tenant_id, source, holder) VALUES ($1, $2, $3)", ct, centre, source, hold._holder);
        return hold;
    }

    /// <summary>To be called now and then: says that the import goes on.</summary>
    public async Task RenewAsync(CancellationToken ct)
    {
        if (Environment.TickCount64 - _renewed < RenewalInterval.TotalMilliseconds)
            return;
        _renewed = Environment.TickCount64;
        await ExecuteAsync("UPDATE sla.source_hold SET renewed_at = clock_timestamp() WHERE holder = $1", ct, _holder);
    }

    /// <summary>The source is complete: what is recorded by now can be judged.</summary>
    public async ValueTask DisposeAsync() =>
        await ExecuteAsync("UPDATE sla.source_hold SET renewed_at = clock_timestamp(), released_at = clock_timestamp() WHERE holder = $1", CancellationToken.None, _holder);

    /// <summary>An SQL condition: the source is held, judged at an instant by which all facts are projected.</summary>
    internal static string Holds(string centre, string source, string at) => $"""
        EXISTS (SELECT 1 FROM sla.source_hold h WHERE h.tenant_id = {centre} AND h.source = {source} AND (h.released_at >= {at} OR (h.released_at IS NULL AND h.renewed_at > {at} - interval '10 minutes')))
        """;

    private async Task ExecuteAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = _dataSource.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }
}
