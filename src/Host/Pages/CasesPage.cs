using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/cases</c>: the clocks that are selected, one page of them.</summary>
internal static class CasesPage
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/cases", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<CasesView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? after, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        var selection = Selection.Of(request, frame);
        var period = selection.Period is { } asked ? CalendarPeriod.Parse(asked, frame.Zone) : null;
        var refused = period is null ? selection.Period : null;
        selection = selection with { Period = period?.Name };
        var filter = selection.Filter(selection.State, after is null ? null : ClockCursor.Parse(after), PageSize, period);
        var rows = await filter.ReadAsync(ReadModels.Now(dataSource), frame.Now, ct);
        return new RazorComponentResult<CasesView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = new CasesModel(selection, filter, rows, refused) });
    }
}

/// <summary>What the list shows.</summary>
public sealed class CasesModel
{
    internal CasesModel(Selection selection, ClockFilter filter, IReadOnlyList<ClockRow> rows, string? refused) => (Selection, Filter, Rows, Refused) = (selection, filter, rows, refused);

    internal Selection Selection { get; }

    internal ClockFilter Filter { get; }

    internal IReadOnlyList<ClockRow> Rows { get; }

    /// <summary>A period that was asked for and is none; null: none.</summary>
    internal string? Refused { get; }
}
