using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Complaints;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /view/{centre}/{id}</c>: one case with each clock drawn and explained, and its events.</summary>
internal static class CasePage
{
    private const int MostComplaints = 20;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/view/{centre}/{id}", HandleAsync).CanWait().ExcludeFromDescription();
        routes.MapGet("/find", (string centre, string @case, string? lang) =>
            Results.LocalRedirect($"/view/{Uri.EscapeDataString(centre)}/{Uri.EscapeDataString(@case.Trim())}{(lang is null ? "" : $"?lang={Uri.EscapeDataString(lang)}")}")).ExcludeFromDescription();
    }

    private static async Task<Results<RazorComponentResult<CaseView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, string centre, string id, VisibleCentres centres, EventLog log, NpgsqlDataSource dataSource, IClock clock, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        id = RouteText.Unescape(id);
        var explained = await CaseExplanation.ReadAsync(log, centre, frame.Catalogue, id, frame.Now, null, null, ct);
        if (explained is null)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct, centre, id);
        return new RazorComponentResult<CaseView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = new CaseModel(explained, await new ComplaintList(centre) { Case = id }.ReadAsync(ReadModels.Now(dataSource), null, MostComplaints, ct)) });
    }
}

/// <summary>What the page of a case shows.</summary>
public sealed class CaseModel
{
    internal CaseModel(CaseExplanation explained, IReadOnlyList<ComplaintEntry> complaints) => (Explained, Complaints, Ratings) = (explained, complaints, GivenRating.Of(explained.Case.Facts));

    internal CaseExplanation Explained { get; }

    /// <summary>Those about it, the newest first.</summary>
    internal IReadOnlyList<ComplaintEntry> Complaints { get; }

    /// <summary>How it was rated, in the order in which that happened.</summary>
    internal IReadOnlyList<GivenRating> Ratings { get; }
}
