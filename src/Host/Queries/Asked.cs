using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Access;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Queries;

/// <summary>Of which centre something is asked, and as of when.</summary>
/// <param name="Centre">The centre.</param>
/// <param name="Published">What it has published until now.</param>
/// <param name="AsOf">The past asked about; null: the present.</param>
internal sealed record Asked(string Centre, CatalogueLog Published, AsOf? AsOf)
{
    /// <summary>The catalogue that was the newest; the first that came, where none had yet.</summary>
    public Catalogue Newest => Published.Versions.LastOrDefault(v => AsOf is not { } past || v.Position <= past.Position) ?? Published.Versions[0];

    /// <summary>Reads <c>centre</c> and <c>asOf</c>; null and the problem when one of them is refused.</summary>
    public static async Task<(Asked? Asked, ProblemHttpResult? Problem)> ResolveAsync(VisibleCentres centres, NpgsqlDataSource dataSource, string? centre, string? asOf, CancellationToken ct)
    {
        var (past, refused) = await PastAsync(dataSource, asOf, ct);
        if (refused is not null)
            return (null, Problems.Parameter("asOf", refused));
        // After the past, so that nothing published by then is missed.
        var (id, published, reason) = await centres.ResolveAsync(centre, ct);
        return id is null ? (null, Problems.Parameter("centre", reason)) : (new Asked(id, published, past), null);
    }

    /// <summary>The past that a text means, a log position or a time; null when there is none, or when it is refused for a reason.</summary>
    public static async Task<(AsOf? AsOf, string? Refused)> PastAsync(NpgsqlDataSource dataSource, string? text, CancellationToken ct)
    {
        if (text is null)
            return (null, null);
        (AsOf? AsOf, string Reason) answer =
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? await SettledPositions.OfAsync(dataSource, position, ct)
            : Timestamps.TryParse(text, out var time) ? await SettledPositions.OfAsync(dataSource, time, ct)
            : (null, $"is neither a log position nor {Timestamps.Expected}; in an address the + of an offset is written %2B");
        return (answer.AsOf, answer.AsOf is null ? answer.Reason : null);
    }

    /// <summary>The read models as they were, or as they are.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="ct">Cancels.</param>
    /// <param name="stream">The only stream that will be asked about; null: any.</param>
    public async Task<ReadModels> ReadModelsAsync(NpgsqlDataSource dataSource, CancellationToken ct, string? stream = null) =>
        AsOf is { } past ? await ReadModels.AsOfAsync(dataSource, Centre, Published.UpTo(past.Position), past, stream, ct) : ReadModels.Now(dataSource);

    /// <summary>The instant to judge at.</summary>
    public Instant At(IClock clock) => AsOf?.At ?? clock.GetCurrentInstant();

    /// <summary>An answer that names the past it is of.</summary>
    public JsonObject Marked(JsonObject answer) => Marked(AsOf, Newest.Zone, answer);

    /// <inheritdoc cref="Marked(JsonObject)"/>
    public static JsonObject Marked(AsOf? asOf, DateTimeZone zone, JsonObject answer)
    {
        if (asOf is { } past)
            answer["asOf"] = new JsonObject { ["position"] = past.Position, ["at"] = Timestamps.Format(past.At, zone) };
        return answer;
    }
}
