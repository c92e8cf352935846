using System.Globalization;
using System.Text.Json.Nodes;

namespace SlaMonitor.Host.Watch.Rules;

/// <summary>
/// The configuration of Alertmanager: who is told by severity and centre, when, and what is not told of because something worse of the same thing is. Labels decide; that an alert is about a centre's hours its label
/// <c>sla_centre</c> says.
/// </summary>
internal static class AlertmanagerFile
{
    // What holds until a quarter or a year ends is told of less often. Alertmanager forgets what it has told after five days.
    private const string Standing = "alertname=~\"SlaInterruptionsNearlyUsed|SlaInterruptionsUsedUp|SlaComplianceBelowTarget\"";

    private const int LastTier = 3;

    private static readonly string[] SameThing = ["sla_centre", "sla_family", "sla_service", "instance"];

    /// <summary>The whole file.</summary>
    /// <param name="centres">The centres with their opening hours.</param>
    /// <param name="receivers">Whom to tell.</param>
    public static JsonObject Of(IReadOnlyList<(string Centre, QuietHours Hours)> centres, ReceiversFile receivers)
    {
        var file = new JsonObject();
        if (receivers.Global is { } global)
            file["global"] = global;
        file["templates"] = new JsonArray("templates/*.tmpl");
        file["route"] = new JsonObject
        {
            ["receiver"] = ReceiversFile.Ticket,
            ["group_by"] = new JsonArray("sla_centre", "sla_commitment", "sla_service"),
            ["group_wait"] = "30s",
            ["group_interval"] = "5m",
            ["repeat_interval"] = "1d",
            ["routes"] = new JsonArray([.. receivers.Routes, Pages(centres, receivers), .. centres.Select(c => Tickets(c.Centre, c.Hours, receivers))]),
        };
        file["inhibit_rules"] = new JsonArray([.. Enumerable.Range(1, LastTier - 1).Select(Inhibiting)]);
        file["time_intervals"] = new JsonArray([.. centres.SelectMany(c => c.Hours.ToJson())]);
        file["receivers"] = receivers.Receivers();
        return file;
    }

    /// <summary>Whatever the hour.</summary>
    private static JsonObject Pages(IReadOnlyList<(string Centre, QuietHours Hours)> centres, ReceiversFile receivers)
    {
        var own = centres.Select(c => (c.Centre, Receiver: receivers.For(ReceiversFile.Page, c.Centre))).Where(c => c.Receiver != ReceiversFile.Page)
            .Select(c => new JsonObject { ["matchers"] = new JsonArray(Is("sla_centre", c.Centre)), ["receiver"] = c.Receiver }).ToList();
        var pages = new JsonObject { ["matchers"] = new JsonArray(Is("severity", ReceiversFile.Page)), ["receiver"] = ReceiversFile.Page, ["group_wait"] = "10s", ["repeat_interval"] = "4h" };
        if (own.Count > 0)
            pages["routes"] = new JsonArray([.. own]);
        return pages;
    }

    /// <summary>In the centre's opening hours. A route within another does not take over its hours.</summary>
    private static JsonObject Tickets(string centre, QuietHours hours, ReceiversFile receivers)
    {
        var standing = new JsonObject { ["matchers"] = new JsonArray(Standing), ["repeat_interval"] = "4d" };
        var tickets = new JsonObject { ["matchers"] = new JsonArray(Is("severity", ReceiversFile.Ticket), Is("sla_centre", centre)), ["receiver"] = receivers.For(ReceiversFile.Ticket, centre) };
        foreach (var route in new[] { tickets, standing })
        {
            if (hours.Never)
                continue;
            route["active_time_intervals"] = new JsonArray(hours.Open);
            if (hours.Closed is { } closed)
                route["mute_time_intervals"] = new JsonArray(closed);
        }

        tickets["routes"] = new JsonArray(standing);
        return tickets;
    }

    /// <summary>While one of a tier fires, what is of the same thing and of a later tier is not told of.</summary>
    private static JsonObject Inhibiting(int tier) => new()
    {
        ["source_matchers"] = new JsonArray(Is("sla_tier", tier.ToString(CultureInfo.InvariantCulture))),
        ["target_matchers"] = new JsonArray($"sla_tier=~\"{string.Join('|', Enumerable.Range(tier + 1, LastTier - tier))}\""),
        ["equal"] = new JsonArray([.. SameThing.Select(l => (JsonNode)l)]),
    };

    private static string Is(string label, string value) => $"{label}=\"{value}\"";
}
