using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Complaints;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.Queries;
using SlaMonitor.Host.Ratings;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/complaints</c>: what of complaints falls due next, how many were found true, by whom, and who has two in a row.</summary>
internal static class ComplaintsPage
{
    /// <summary>Rows of a page of the list.</summary>
    public const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/complaints", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<ComplaintsView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, VisibleCentres centres, NpgsqlDataSource dataSource, Snapshots snapshots, IClock clock, string? centre, string? after, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        // As on the board: limits are counted of the moment of the last snapshot, whoever looks.
        var standing = await snapshots.StandingOfAsync(frame.Catalogue, WaitForPosition.Asked(request) ?? 0, ct);
        frame = frame.At(standing.At);
        var span = ShownSpan.Of(request, frame, TargetPeriod.Quarter);
        var period = span.Period ?? CalendarPeriod.QuarterOf(frame.Now, frame.Zone);
        var choice = ComplaintChoice.Of(request, frame, period.Name);
        await using var models = ReadModels.Now(dataSource);
        var rows = await RowsAsync(models, choice, after, frame.Now, ct);
        var figures = (await ComplaintFigures.ReadAsync(models, frame.Centre, period, choice.By, ct)).OrderByDescending(f => f.Substantiated).ThenByDescending(f => f.Registered).ThenBy(f => f.Group, StringComparer.Ordinal).ToList();
        var counts = new ComplaintCounts(
            await ListedComplaint.CountOpenAsync(models, frame.Centre, ct),
            StandingRow.Sum(standing.Open.Select(StandingRow.Of).Where(r => frame.Commitments.Any(c => c.Id == r.Commitment && c.On == StreamKind.Complaint))),
            ComplaintFigures.Sum(figures),
            await Satisfaction.OfPeriodAsync(models.Command, frame.Centre, period, ct));
        var consecutive = (await Consecutive.ReadAsync(models, frame.Centre, ct)).OrderByDescending(c => c.Last.RegisteredAt).ThenBy(c => c.Staff, StringComparer.Ordinal).ToList();
        return new RazorComponentResult<ComplaintsView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = new ComplaintsModel(choice, span, counts, figures, consecutive, rows) });
    }

    private static async Task<IReadOnlyList<ListedComplaint>> RowsAsync(ReadModels models, ComplaintChoice choice, string? after, Instant now, CancellationToken ct)
    {
        if (choice.Tab == "open")
            return await ListedComplaint.OpenAsync(models, choice, now, PageSize, ct);
        var list = new ComplaintList(choice.Frame.Centre, null, choice.Tab == "all" ? null : choice.Tab) { Window = choice.Window, Category = choice.Category, Staff = choice.Staff };
        return [.. (await list.ReadAsync(models, PlaceCursor.TryParse(after, out var last) ? last : null, PageSize, ct)).Select(ListedComplaint.Of)];
    }
}

/// <summary>What there is of complaints in a centre.</summary>
/// <param name="Open">How many are not done with.</param>
/// <param name="Limits">How their limits stand.</param>
/// <param name="Registered">What became of those registered in the period.</param>
/// <param name="Ratings">How the cases finished in it were rated.</param>
internal sealed record ComplaintCounts(long Open, StandingRow Limits, ComplaintFigures Registered, Satisfaction Ratings);

/// <summary>What the page of complaints shows.</summary>
public sealed class ComplaintsModel
{
    internal ComplaintsModel(ComplaintChoice choice, ShownSpan span, ComplaintCounts counts, IReadOnlyList<ComplaintFigures> figures, IReadOnlyList<Consecutive> consecutive, IReadOnlyList<ListedComplaint> rows) =>
        (Choice, Span, Counts, Figures, Consecutive, Rows) = (choice, span, counts, figures, consecutive, rows);

    internal ComplaintChoice Choice { get; }

    internal ShownSpan Span { get; }

    internal ComplaintCounts Counts { get; }

    /// <summary>What became of those registered in the period, by window, category or channel.</summary>
    internal IReadOnlyList<ComplaintFigures> Figures { get; }

    /// <summary>Of whom the last two that were decided are both true, the newest first.</summary>
    internal IReadOnlyList<Consecutive> Consecutive { get; }

    /// <summary>A page of the list.</summary>
    internal IReadOnlyList<ListedComplaint> Rows { get; }

    /// <summary>Where the next page begins; null: there is none.</summary>
    internal string? Next => Choice.Tab == ComplaintChoice.Tabs[0] || Rows.Count < ComplaintsPage.PageSize ? null : PlaceCursor.Write(Rows[^1].RegisteredAt ?? NodaConstants.UnixEpoch, Rows[^1].Stream);
}
