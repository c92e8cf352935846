using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Queries;
using SlaMonitor.Host.Ratings;
using SlaMonitor.Host.Samples;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/satisfaction</c>: how the cases finished in a period were rated, by window and service, how many answered, and what became of bad ratings.</summary>
internal static class SatisfactionPage
{
    /// <summary>Rows of a page of bad ratings.</summary>
    public const int PageSize = 25;

    private const int Quarters = 8;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/satisfaction", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<SatisfactionView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, VisibleCentres centres, NpgsqlDataSource dataSource, SampleDesk samples, IClock clock, string? centre, string? after, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        var span = ShownSpan.Of(request, frame, TargetPeriod.Quarter);
        var period = span.Period ?? CalendarPeriod.QuarterOf(frame.Now, frame.Zone);
        await using var models = ReadModels.Now(dataSource);
        var list = new RatingList(frame.Centre, Bad: true) { Window = Asked("window"), Item = Asked("item"), Rated = (period.From, period.Until) };
        var bad = await BadRating.ReadAsync(dataSource, models, list, frame, PlaceCursor.TryParse(after, out var last) ? last : null, PageSize, ct);
        var all = await Satisfaction.OfPeriodAsync(models.Command, frame.Centre, period, ct);
        var (windows, services) = (await ByAsync("window"), await ByAsync("service"));
        return new RazorComponentResult<SatisfactionView>(new Dictionary<string, object?>
        {
            ["Frame"] = frame,
            ["Model"] = new SatisfactionModel(span, period, list, all, windows, services, await Satisfaction.OfQuartersAsync(models.Command, frame.Centre, Quarters, ct), bad) { Sample = await LastSampleAsync(samples, models, frame.Centre, ct) },
        });

        string? Asked(string name) => request.Query[name].ToString() is { Length: > 0 } value ? value : null;

        async Task<IReadOnlyList<Satisfaction>> ByAsync(string by) =>
            [.. (await Satisfaction.ReadAsync(models, frame.Centre, period, by, ct)).OrderByDescending(s => s.Given > 0).ThenBy(s => s.Ratio).ThenByDescending(s => s.Finished).ThenBy(s => s.Group, StringComparer.Ordinal)];
    }

    private static async Task<SampleReading?> LastSampleAsync(SampleDesk samples, ReadModels models, string centre, CancellationToken ct) =>
        await samples.MonthsAsync(centre, ct) is [var month, ..] && await samples.FindAsync(centre, month, ct) is { } found
            ? await SampleReading.ReadAsync(models, centre, found.Sample, found.At, found.Position, ct) : null;
}

/// <summary>What the page of satisfaction shows.</summary>
public sealed class SatisfactionModel
{
    private readonly RatingList _list;

    internal SatisfactionModel(ShownSpan span, CalendarPeriod period, RatingList list, Satisfaction all, IReadOnlyList<Satisfaction> windows, IReadOnlyList<Satisfaction> services, IReadOnlyList<Satisfaction> quarters, IReadOnlyList<BadRating> bad) =>
        (Span, Period, _list, All, Windows, Services, Quarters, Bad) = (span, period, list, all, new SatisfactionLines(windows), new SatisfactionLines(services), new SatisfactionLines(quarters), bad);

    internal ShownSpan Span { get; }

    internal CalendarPeriod Period { get; }

    /// <summary>The window whose bad ratings are listed; null: of all.</summary>
    internal string? Window => _list.Window;

    /// <summary>The service whose bad ratings are listed; null: of all.</summary>
    internal string? Item => _list.Item;

    internal Satisfaction All { get; }

    /// <summary>By window, the least satisfied first.</summary>
    internal SatisfactionLines Windows { get; }

    /// <summary>By service, the least satisfied first.</summary>
    internal SatisfactionLines Services { get; }

    /// <summary>The last quarters, the newest first.</summary>
    internal SatisfactionLines Quarters { get; }

    /// <summary>Bad ratings given in the period, the newest first.</summary>
    internal IReadOnlyList<BadRating> Bad { get; }

    /// <summary>The last sample that was drawn; null: none was.</summary>
    internal SampleReading? Sample { get; init; }

    /// <summary>Where the next page of them begins; null: there is none.</summary>
    internal string? Next => Bad.Count < SatisfactionPage.PageSize ? null : PlaceCursor.Write(Bad[^1].Case.RatedAt, Bad[^1].Case.Stream);
}

/// <summary>Lines of a table of satisfaction.</summary>
public sealed class SatisfactionLines
{
    internal SatisfactionLines(IReadOnlyList<Satisfaction> sums) => Sums = sums;

    /// <summary>A line each, by window, service or quarter.</summary>
    internal IReadOnlyList<Satisfaction> Sums { get; }
}
