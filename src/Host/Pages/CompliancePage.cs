using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Npgsql;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Queries;

namespace SlaMonitor.Host.Pages;

/// <summary><c>GET /board/compliance</c>: one commitment by service and quarter; each figure leads to the cases that broke it.</summary>
internal static class CompliancePage
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/board/compliance", HandleAsync).CanWait().ExcludeFromDescription();

    private static async Task<Results<RazorComponentResult<ComplianceView>, RazorComponentResult<NothingHereView>>> HandleAsync(
        HttpRequest request, VisibleCentres centres, NpgsqlDataSource dataSource, IClock clock, string? centre, CancellationToken ct)
    {
        if (await PageFrame.ForAsync(request, centre, centres, clock, ct) is not { } frame)
            return await NothingHereView.AnswerAsync(request, centres, clock, ct);
        var selection = Selection.Of(request, frame);
        var table = await QuarterTable.ReadAsync(dataSource, frame, selection.Measured, ct);
        return new RazorComponentResult<ComplianceView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Model"] = new ComplianceModel(selection, table) });
    }
}

/// <summary>What the table shows.</summary>
public sealed class ComplianceModel
{
    internal ComplianceModel(Selection selection, QuarterTable table) => (Selection, Table) = (selection, table);

    internal Selection Selection { get; }

    internal QuarterTable Table { get; }
}
