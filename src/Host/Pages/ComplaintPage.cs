using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Complaints;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Complaints;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/complaints/{id}</c>: one complaint with each clock drawn and explained, what was found, and its events; never who complained.</summary>
internal static class ComplaintPage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/complaints/{id}", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<ComplaintView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, string id, VisibleCentres centres, EventLog log, NpgsqlDataSource dataSource, IClock clock, string? centre, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        id = RouteText.Unescape(id);
        if (await StreamExplanation.ReadAsync(log, frame.Centre, frame.Catalogue, $"complaint/{id}", frame.Now, null, null, ct) is not { } explained)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct, frame.Centre, complaint: id);
        var person = await KeptPerson.OfAsync(dataSource, frame.Centre, $"complaint/{id}", ct);
        return new RazorComponentResult<ComplaintView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = new ComplaintModel(explained, person) });
    }
}

/// <summary>What the page of a complaint shows.</summary>
public sealed class ComplaintModel
{
    internal ComplaintModel(StreamExplanation explained, KeptPerson person) => (Explained, Person) = (explained, person);

    internal StreamExplanation Explained { get; }

    /// <summary>What the facts say.</summary>
    internal ComplaintClocks Complaint => (ComplaintClocks)Explained.Explained.Stream;

    /// <summary>Whether the vault holds anything of it.</summary>
    internal KeptPerson Person { get; }
}
