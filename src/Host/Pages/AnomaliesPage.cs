using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Calculations;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/anomalies</c>: facts that contradict each other, by kind, with the events that prove it.</summary>
internal static class AnomaliesPage
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/anomalies", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<AnomaliesView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? kind, string? after, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        AnomalyKind? asked = Enum.GetValues<AnomalyKind>().Where(k => Words.Of(k) == kind).Select(k => (AnomalyKind?)k).FirstOrDefault();
        var counts = await AnomalyList.CountAsync(dataSource, frame.Centre, ct);
        var entries = await AnomalyList.ReadAsync(dataSource, frame.Centre, asked, after is null ? null : AnomalyCursor.Parse(after), PageSize, ct, lastFirst: true);
        return new RazorComponentResult<AnomaliesView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = new AnomaliesModel(asked, counts, entries, entries.Count < PageSize ? null : entries[^1].Row.ToString()) });
    }
}

/// <summary>What the list shows.</summary>
public sealed class AnomaliesModel
{
    internal AnomaliesModel(AnomalyKind? kind, IReadOnlyList<(AnomalyKind Kind, long Count)> counts, IReadOnlyList<AnomalyEntry> entries, string? next) => (Kind, Counts, Entries, Next) = (kind, counts, entries, next);

    internal AnomalyKind? Kind { get; }

    internal IReadOnlyList<(AnomalyKind Kind, long Count)> Counts { get; }

    internal IReadOnlyList<AnomalyEntry> Entries { get; }

    /// <summary>Where the next page begins; null: this is the last.</summary>
    internal string? Next { get; }
}
