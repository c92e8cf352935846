using System.Diagnostics;
using OpenTelemetry;

namespace SlaMonitor.Host.Metrics;

/// <summary>
/// Lets out of a span only what is listed: paths and queries name cases, statements and messages of errors repeat values, and all of it may be personal.
/// Statements that belong to no request or page are left out, for these poll.
/// </summary>
internal sealed class SpanGuard : BaseProcessor<Activity>
{
    private static readonly HashSet<string> Allowed =
    [
        "http.request.method", "http.response.status_code", "http.route", "url.scheme", "network.protocol.name", "network.protocol.version", "error.type",
        "db.system", "db.system.name", "db.response.status_code", "sla.centre", "sla.events", "sla.appended", "sla.duplicates", "sla.streams", "sla.position",
    ];

    public override void OnEnd(Activity data)
    {
        ArgumentNullException.ThrowIfNull(data);
        // Events of a span are messages of exceptions, and cannot be taken off it.
        if (data.Events.Any() || (data.Source.Name == "Npgsql" && data.ParentSpanId == default))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return;
        }

        // A caller's own words, too.
        data.TraceStateString = null;
        foreach (var (name, _) in data.TagObjects.Where(t => !Allowed.Contains(t.Key)).ToList())
            data.SetTag(name, null);
        if (data.Status == ActivityStatusCode.Error)
            data.SetStatus(ActivityStatusCode.Error);
        if (data.Kind == ActivityKind.Server)
            data.DisplayName = $"{data.GetTagItem("http.request.method") ?? "HTTP"} {data.GetTagItem("http.route")}".TrimEnd();
        else if (data.Source.Name == "Npgsql")
            data.DisplayName = "database";
    }
}
