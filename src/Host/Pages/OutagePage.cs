using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using SlaMonitor.Domain.Outages;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/outages/{id}</c>: the outages of one stream, their clocks drawn and explained, what was excluded, and the events.</summary>
internal static class OutagePage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/outages/{id}", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<OutageView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, string id, VisibleCentres centres, EventLog log, IClock clock, string? centre, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        id = RouteText.Unescape(id);
        if (await StreamExplanation.ReadAsync(log, frame.Centre, frame.Catalogue, $"outage/{id}", frame.Now, null, null, ct) is not { } explained)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct, frame.Centre, outage: id);
        return new RazorComponentResult<OutageView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = new OutageModel(explained) });
    }
}

/// <summary>What the page of an outage shows.</summary>
public sealed class OutageModel
{
    internal OutageModel(StreamExplanation explained) => Explained = explained;

    internal StreamExplanation Explained { get; }

    /// <summary>What the facts say.</summary>
    internal OutageClocks Outage => (OutageClocks)Explained.Explained.Stream;
}
