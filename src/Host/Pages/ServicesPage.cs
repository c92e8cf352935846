using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Availability;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/services</c>: every service of a centre, the worst first, with what is promised, achieved and left, and its last ninety days.</summary>
internal static class ServicesPage
{
    private const int Days = 90;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/services", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<ServicesView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, VisibleCentres centres, NpgsqlDataSource dataSource, Snapshots snapshots, IClock clock, string? centre, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        // As on the board: viewers cost nothing but the days.
        var standing = await snapshots.StandingOfAsync(frame.Catalogue, WaitForPosition.Asked(request) ?? 0, ct);
        frame = frame.At(standing.At);
        await using var queries = await FigureQueries.BeginAsync(dataSource, ct);
        var days = await queries.ServicesOf(frame.Catalogue, frame.Now).DaysAsync([.. standing.Services.Select(s => s.Span)], frame.Now.InZone(frame.Zone).Date.PlusDays(1 - Days), ct);
        return new RazorComponentResult<ServicesView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = new ServicesModel(ServiceState.OfAll(frame.Catalogue, standing.Services), days) });
    }
}

/// <summary>What the page of all services shows.</summary>
public sealed class ServicesModel
{
    internal ServicesModel(IReadOnlyList<ServiceState> services, IReadOnlyDictionary<string, IReadOnlyList<(LocalDate Day, AvailabilityTotals Totals)>> days) => (Services, Days) = (services, days);

    /// <summary>The worst first.</summary>
    internal IReadOnlyList<ServiceState> Services { get; }

    /// <summary>The last days of each, today's last.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<(LocalDate Day, AvailabilityTotals Totals)>> Days { get; }
}
