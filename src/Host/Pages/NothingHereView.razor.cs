using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Host.Pages;

/// <summary>The page for a centre, a case, a complaint, a service or an outage that is not there, with a way back.</summary>
public partial class NothingHereView
{
    internal static async Task<RazorComponentResult<NothingHereView>> AnswerAsync(HttpRequest request, VisibleCentres centres, IClock clock, CancellationToken ct, string? centre = null, string? @case = null, string? service = null, string? outage = null, string? complaint = null)
    {
        var frame = await PageFrame.ForAsync(request, centre, centres, clock, ct);
        return new RazorComponentResult<NothingHereView>(new Dictionary<string, object?> { ["Frame"] = frame, ["Case"] = @case, ["Service"] = service, ["Outage"] = outage, ["Complaint"] = complaint }) { StatusCode = StatusCodes.Status404NotFound };
    }
}
