using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using Npgsql;
using SlaMonitor.Domain.Commitments;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Queries;
using SlaMonitor.Projections;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /</c>: the cases of a centre by one commitment, and its compliance by service and quarter.</summary>
internal static class CasesPage
{
    private const int PageSize = 50;

    private const string CountByState = $"""
        SELECT CASE WHEN state = 'open' AND {CommitmentClock.StateAt} = 'breached' THEN 'overdue' WHEN {CommitmentClock.StateAt} = 'running' AND due_soon_at < $1 THEN 'dueSoon' ELSE {CommitmentClock.StateAt} END, count(*)
        FROM sla.commitment_clock WHERE tenant_id = $2 AND commitment = $3 AND {CommitmentClock.ThereAt} GROUP BY 1
        """;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", HandleAsync).CanWait().ExcludeFromDescription();
        routes.MapGet("/style.css", () => Results.Stream(typeof(CasesPage).Assembly.GetManifestResourceStream("style.css")!, "text/css")).ExcludeFromDescription();
    }

    private static async Task<Results<RazorComponentResult<CasesView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, string? commitment, string? state, string? after, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        var commitments = frame.Catalogue.Newest!.Commitments;
        var shown = commitments.FirstOrDefault(c => c.Id == commitment) ?? commitments[0];
        var filter = new ClockFilter(frame.Centre, shown.Id, ClockFilter.States.Contains(state) ? state : null, null, null, after is null ? null : ClockCursor.Parse(after), PageSize);
        var rows = await filter.ReadAsync(ReadModels.Now(dataSource), frame.Now, ct);
        return new RazorComponentResult<CasesView>(new Dictionary<string, object?>
        {
            ["Frame"] = frame,
            ["Model"] = new CasesModel(shown, [.. commitments], filter, rows, await CountAsync(dataSource, frame, shown, ct), await Compliance.ByQuarterAsync(dataSource, frame.Centre, shown.Id, frame.Now, ct)),
        });
    }

    private static async Task<IReadOnlyDictionary<string, long>> CountAsync(NpgsqlDataSource dataSource, PageFrame frame, CommitmentDefinition shown, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(CountByState);
        foreach (var value in (object[])[frame.Now.ToDateTimeUtc(), frame.Centre, shown.Id])
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var counts = new Dictionary<string, long>();
        while (await reader.ReadAsync(ct))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }
}

/// <summary>What the list shows.</summary>
public sealed class CasesModel
{
    internal CasesModel(CommitmentDefinition shown, IReadOnlyList<CommitmentDefinition> commitments, ClockFilter filter, IReadOnlyList<ClockRow> rows, IReadOnlyDictionary<string, long> counts, IReadOnlyList<QuarterRow> quarters) =>
        (Shown, Commitments, Filter, Rows, Counts, Quarters) = (shown, commitments, filter, rows, counts, quarters);

    internal CommitmentDefinition Shown { get; }

    internal IReadOnlyList<CommitmentDefinition> Commitments { get; }

    internal ClockFilter Filter { get; }

    internal IReadOnlyList<ClockRow> Rows { get; }

    internal IReadOnlyDictionary<string, long> Counts { get; }

    internal IReadOnlyList<QuarterRow> Quarters { get; }

    /// <summary>Clocks in a state; breached counts the overdue ones too, and open all that have not stopped.</summary>
    internal long Count(string? state) => state switch
    {
        null => Counts.Values.Sum(),
        "breached" => Of("breached") + Of("overdue"),
        "running" => Of("running") + Of("dueSoon"),
        "open" => Of("running") + Of("dueSoon") + Of("paused") + Of("overdue"),
        _ => Of(state),
    };

    /// <summary>The address of the list in another state or commitment, or going on.</summary>
    internal string Address(PageFrame frame, string? commitment = null, string? state = null, string? after = null) => QueryHelpers.AddQueryString("/", new Dictionary<string, string?>
    {
        ["centre"] = frame.Centre,
        ["commitment"] = commitment ?? Shown.Id,
        ["state"] = state,
        ["after"] = after,
        ["lang"] = frame.Language.Code,
    }.Where(q => q.Value is not null));

    private long Of(string state) => Counts.GetValueOrDefault(state);
}
