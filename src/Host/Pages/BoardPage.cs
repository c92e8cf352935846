using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Metrics;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;
using SlaMonitor.Projections.Engine;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /</c>: how a centre stands now: what is overdue, what breaks first, by whom, and compliance this quarter.</summary>
internal static class BoardPage
{
    private const int Overdue = 12;
    private const int Next = 25;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<BoardView>, RedirectHttpResult, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, VisibleCentres centres, NpgsqlDataSource dataSource, Snapshots snapshots, Follower follower, IClock clock, string? centre, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre ?? await BusiestAsync(snapshots, centres, ct), centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        // Where nothing is promised of cases, the services are what there is to see.
        if (frame.Commitments.Count == 0 && frame.Catalogue.Newest!.Services.Count > 0)
            return TypedResults.LocalRedirect(frame.Address("/board/services", ("wait", request.Query["wait"])));
        // The lists are asked of the moment the tiles are of.
        var standing = await snapshots.StandingOfAsync(frame.Catalogue, WaitForPosition.Asked(request) ?? 0, ct);
        frame = frame.At(standing.At);
        var selection = Selection.Of(request, frame);
        var overdue = OverdueAsync(dataSource, selection, frame.Now, ct);
        var next = selection.Filter("running", null, Next).ReadAsync(ReadModels.Now(dataSource), frame.Now, ct);
        var quarters = QuarterTable.ReadAsync(dataSource, frame, selection.Measured, ct);
        await Task.WhenAll(overdue, next, quarters);
        return new RazorComponentResult<BoardView>(new Dictionary<string, object?>
        {
            ["Frame"] = frame,
            ["Model"] = new BoardModel(selection, [.. standing.Open.Select(StandingRow.Of), .. standing.Today.Select(StandingRow.Of)], await overdue, await next, await quarters, standing.OpenCases.Values.Sum(), standing.Quarantined, follower.Lag) { Services = ServiceState.OfAll(frame.Catalogue, standing.Services) },
        });
    }

    /// <summary>Of those one may see, the centre in which most runs: one whose log has ended is nobody's first question. Null: nothing runs.</summary>
    private static async Task<string?> BusiestAsync(Snapshots snapshots, VisibleCentres centres, CancellationToken ct)
    {
        if (snapshots.Last is not { } last)
            return null;
        return (await centres.AllAsync(ct)).Where(last.Standing.ContainsKey).Select(c => (Centre: c, Runs: last.Standing[c].Open.Where(o => o.Level is "running" or "dueSoon").Sum(o => o.Count)))
            .Where(c => c.Runs > 0).OrderByDescending(c => c.Runs).Select(c => c.Centre).FirstOrDefault();
    }

    /// <summary>What weighs most comes first: the law's limits, then the promises, complaints, and the steps on the way. What is owed for an overrun has its tile only.</summary>
    private static async Task<IReadOnlyList<ClockRow>> OverdueAsync(NpgsqlDataSource dataSource, Selection selection, Instant now, CancellationToken ct)
    {
        var rows = new List<ClockRow>();
        foreach (var of in (CommitmentClass[])[CommitmentClass.Statutory, CommitmentClass.Promised, CommitmentClass.Complaint, CommitmentClass.Step])
        {
            if (selection.Commitment is { } one && selection.ClassOf(one) != of)
                continue;
            var filter = (selection with { Class = of }).Filter("overdue", null, Overdue - rows.Count);
            if (filter is { Limit: > 0, Commitments.Count: > 0 })
                rows.AddRange(await filter.ReadAsync(ReadModels.Now(dataSource), now, ct));
        }

        return rows;
    }
}

/// <summary>What the board shows.</summary>
public sealed class BoardModel
{
    private readonly IReadOnlyList<StandingRow> _standing;
    private readonly Dictionary<Dimension, IReadOnlyList<(string? Key, StandingRow Sum)>> _by = [];

    internal BoardModel(Selection selection, IReadOnlyList<StandingRow> standing, IReadOnlyList<ClockRow> overdue, IReadOnlyList<ClockRow> next, QuarterTable quarters, long openCases, long quarantined, long behind)
    {
        (Selection, Overdue, Next, Quarters, OpenCases, Quarantined, Behind) = (selection, overdue, next, quarters, openCases, quarantined, behind);
        _standing = standing;
        Chosen = [.. standing.Where(selection.Includes)];
        Total = StandingRow.Sum(Chosen);
    }

    internal Selection Selection { get; }

    /// <summary>Past due: the law's limits, then promises, complaints and other steps; of each the longest first.</summary>
    internal IReadOnlyList<ClockRow> Overdue { get; }

    /// <summary>Running, by due.</summary>
    internal IReadOnlyList<ClockRow> Next { get; }

    internal QuarterTable Quarters { get; }

    /// <summary>Cases of the whole centre that are neither decided, closed nor withdrawn.</summary>
    internal long OpenCases { get; }

    /// <summary>Cases that could not be read and are missing from every figure.</summary>
    internal long Quarantined { get; }

    /// <summary>Log positions not yet in the figures.</summary>
    internal long Behind { get; }

    /// <summary>How its services stand, the worst first; empty: it has none.</summary>
    internal IReadOnlyList<ServiceState> Services { get; init; } = [];

    /// <summary>What is selected.</summary>
    internal IReadOnlyList<StandingRow> Chosen { get; }

    internal StandingRow Total { get; }

    /// <summary>Past due, but for what is owed for an overrun.</summary>
    internal long OverdueOpen => Total.Overdue - OverdueOf(CommitmentClass.Owed);

    /// <summary>Past due among the commitments of a class.</summary>
    internal long OverdueOf(CommitmentClass of) => Chosen.Where(r => Selection.ClassOf(r.Commitment) == of).Sum(r => r.Overdue);

    /// <summary>By window, service or staff code, the worst first; what else is selected counts, but not the dimension itself.</summary>
    internal IReadOnlyList<(string? Key, StandingRow Sum)> By(Dimension dimension)
    {
        if (_by.TryGetValue(dimension, out var known))
            return known;
        var others = dimension.With(Selection, null);
        return _by[dimension] =
        [
            .. _standing.Where(others.Includes).GroupBy(dimension.Of).Select(g => (g.Key, Sum: StandingRow.Sum(g)))
                .OrderByDescending(g => g.Sum.Overdue).ThenByDescending(g => g.Sum.DueSoon).ThenByDescending(g => g.Sum.Open).ThenBy(g => g.Key, StringComparer.Ordinal),
        ];
    }
}
