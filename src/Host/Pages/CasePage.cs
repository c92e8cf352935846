using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /view/{centre}/{id}</c>: one case with each clock drawn and explained, and its events.</summary>
internal static class CasePage
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/view/{centre}/{id}", HandleAsync).CanWait().ExcludeFromDescription();
        routes.MapGet("/find", (string centre, string @case, string? lang) =>
            Results.LocalRedirect($"/view/{Uri.EscapeDataString(centre)}/{Uri.EscapeDataString(@case.Trim())}{(lang is null ? "" : $"?lang={Uri.EscapeDataString(lang)}")}")).ExcludeFromDescription();
    }

    private static async Task<Results<RazorComponentResult<CaseView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, string centre, string id, VisibleCentres centres, EventLog log, IClock clock, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        id = RouteText.Unescape(id);
        var explained = await CaseExplanation.ReadAsync(log, centre, frame.Catalogue, id, frame.Now, null, null, ct);
        if (explained is null)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct, centre, id);
        return new RazorComponentResult<CaseView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = new CaseModel(explained) });
    }
}

/// <summary>What the page of a case shows.</summary>
public sealed class CaseModel
{
    internal CaseModel(CaseExplanation explained) => Explained = explained;

    internal CaseExplanation Explained { get; }
}
