using System.Collections.Concurrent;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.EventStore;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Catalogues;

/// <summary>The centres of this database and the catalogues they have published, as of now.</summary>
internal sealed class Centres(NpgsqlDataSource dataSource)
{
    // A loose index scan: one probe a centre, however many streams they have.
    private const string AllCentres = """
        WITH RECURSIVE c AS (
            (SELECT tenant_id FROM public.mt_streams ORDER BY tenant_id LIMIT 1)
            UNION ALL
            SELECT (SELECT s.tenant_id FROM public.mt_streams s WHERE s.tenant_id > c.tenant_id ORDER BY s.tenant_id LIMIT 1) FROM c WHERE c.tenant_id IS NOT NULL)
        SELECT c.tenant_id FROM c JOIN public.mt_streams s ON s.tenant_id = c.tenant_id AND s.id = $1
        """;

    private readonly CatalogueLogs _logs = new(new EventLog(dataSource));
    private readonly ConcurrentDictionary<string, long> _versions = [];

    /// <summary>The ids of all centres that have published a catalogue, in order.</summary>
    /// <param name="ct">Cancels.</param>
    /// <param name="only">As if there were no others than these; null: all there are.</param>
    public async Task<IReadOnlyList<string>> AllAsync(CancellationToken ct, IReadOnlySet<string>? only = null)
    {
        await using var command = dataSource.CreateCommand(AllCentres);
        command.Parameters.Add(new() { Value = CatalogueLogs.Stream });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var centres = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            if (only?.Contains(reader.GetString(0)) != false)
                centres.Add(reader.GetString(0));
        }

        return centres;
    }

    /// <summary>The first centre that has cases; null when none has.</summary>
    /// <param name="ct">Cancels.</param>
    /// <param name="only">As if there were no others than these; null: all there are.</param>
    public async Task<string?> FirstWithCasesAsync(CancellationToken ct, IReadOnlySet<string>? only = null)
    {
        foreach (var centre in await AllAsync(ct, only))
        {
            if (await HasCasesAsync(centre, ct))
                return centre;
        }

        return null;
    }

    /// <summary>True when a centre has any case.</summary>
    public async Task<bool> HasCasesAsync(string centre, CancellationToken ct)
    {
        // Streams of cases lie between "case/" and the next character after the slash.
        await using var command = dataSource.CreateCommand("SELECT EXISTS (SELECT 1 FROM public.mt_streams WHERE tenant_id = $1 AND id > 'case/' AND id < 'case0')");
        command.Parameters.Add(new() { Value = centre });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>A centre's catalogue log, read anew when something was published since; null when it has published nothing.</summary>
    /// <param name="centre">The centre.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="only">As if there were no others than these; null: all there are.</param>
    public async Task<CatalogueLog?> CatalogueOfAsync(string centre, CancellationToken ct, IReadOnlySet<string>? only = null)
    {
        if (only?.Contains(centre) == false)
            return null;
        await using var command = dataSource.CreateCommand("SELECT version FROM public.mt_streams WHERE tenant_id = $1 AND id = $2");
        command.Parameters.Add(new() { Value = centre });
        command.Parameters.Add(new() { Value = CatalogueLogs.Stream });
        if (await command.ExecuteScalarAsync(ct) is not long version)
            return null;
        if (_versions.GetValueOrDefault(centre) != version)
            _logs.Forget(centre);
        var log = await _logs.OfAsync(centre, null, ct);
        _versions[centre] = version;
        return log;
    }

    /// <summary>The centre asked for, or the only one when none is named; else null and the reason.</summary>
    /// <param name="asked">The centre asked for; null: none is named.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="only">As if there were no others than these; null: all there are.</param>
    public async Task<(string? Centre, CatalogueLog Catalogue, string Reason)> ResolveAsync(string? asked, CancellationToken ct, IReadOnlySet<string>? only = null)
    {
        if (asked is null)
        {
            var all = await AllAsync(ct, only);
            if (all.Count != 1)
                return (null, CatalogueLog.Empty, $"is missing; {OneOf(all)}");
            asked = all[0];
        }

        return await CatalogueOfAsync(asked, ct, only) is { } log
            ? (asked, log, "")
            : (null, CatalogueLog.Empty, $"is not known; {OneOf(await AllAsync(ct, only))}");
    }

    private static string OneOf(IReadOnlyList<string> centres) => centres.Count == 0 ? "none has published a catalogue" : $"give one of {string.Join(", ", centres)}";
}
