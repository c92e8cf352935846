using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;
using SlaMonitor.Tests.Host;

namespace SlaMonitor.Tests.EndToEnd.Watch;

/// <summary>
/// Facts by which every alert about cases, complaints and services has to fire, and those that end each; of centres that are open day and night.
/// </summary>
/// <param name="now">The moment it is told.</param>
internal sealed class PlantedTrouble(Instant now)
{
    public const string Hall = "service-hall";
    public const string Department = "it-department";

    // Enough for a bulk, and for a ratio that is said anything of.
    private const int Many = 24;
    private const string Item = "food-business-licence";

    private static readonly Duration Moment = Duration.FromSeconds(1);

    private readonly List<JsonObject> _trouble = [];
    private readonly List<JsonObject> _end = [];

    /// <summary>What was told, and what ends it.</summary>
    public IReadOnlyList<JsonObject> Trouble => _trouble;

    public IReadOnlyList<JsonObject> End => _end;

    /// <summary>Cases: overdue, past the statute, escalated, near due in bulk, and a quarter below its target.</summary>
    public PlantedTrouble Cases()
    {
        // Promised within five days, each of them a working day. Whichever side of midnight it is, of those of four and five days ago some are due today.
        for (var i = 0; i < Many; i++)
        {
            Accepted($"late-{i}", Duration.FromDays(6));
            Accepted($"soon-{i}", Duration.FromDays(4));
            Accepted($"sooner-{i}", Duration.FromDays(5));
        }

        // The promise and the statute of one case: of these one is told.
        Accepted("forgotten", Duration.FromDays(40));
        for (var i = 0; i < Many; i++)
        {
            Begun($"branch-{i}", Duration.FromHours(1));
            Tell(_trouble, Hall, "case_branch_opened", $"case/branch-{i}", Duration.FromMinutes(59), new() { ["branch"] = "b1", ["agency"] = "a1", ["limit"] = new JsonObject { ["elapsed"] = "PT2H" } });
        }

        // Nobody was told of acceptance; a certificate was not handed over; nobody asked who rated badly.
        Begun("unheard", Duration.FromDays(30));
        Begun("undelivered", Duration.FromDays(60));
        Tell(_trouble, Hall, "case_decided", "case/undelivered", Duration.FromDays(59), new() { ["outcome"] = "approved" });
        Begun("rated", Duration.FromDays(50));
        Tell(_trouble, Hall, "case_decided", "case/rated", Duration.FromDays(49), new() { ["outcome"] = "denied" });
        Tell(_trouble, Hall, "case_rated", "case/rated", Duration.FromDays(48), new() { ["score"] = 5 });
        Tell(_end, Hall, "case_rating_voided", "case/rated", Duration.Zero, new() { ["approver"] = "centre-head" });
        return this;
    }

    /// <summary>Complaints: one whose complainant nobody told, and some not handed on, of which one is to be answered today.</summary>
    public PlantedTrouble Complaints()
    {
        Complained("untold", Duration.FromDays(30));
        Tell(_trouble, Hall, "complaint_responded", "complaint/untold", Duration.FromDays(30), []);
        // Whichever side of midnight it is.
        Complained("soon-1", Duration.FromDays(4));
        Complained("soon-2", Duration.FromDays(5));
        return this;
    }

    /// <summary>Outages near and past their restore limits, and too many interruptions.</summary>
    public PlantedTrouble Outages()
    {
        Watched();
        Down("portal-database", "due-soon", Duration.FromHours(3));
        Down("portal-web", "overdue", Duration.FromMinutes(150));
        Down("mail", "escalated", Duration.FromHours(10));
        for (var i = 0; i < Many; i++)
            Down("certificate-printing", $"late-{i}", Duration.FromHours(5) + Duration.FromMinutes(i));
        Interrupted("payment", 13);
        Interrupted("identity", 4);
        return this;
    }

    /// <summary>Everything is down since days, which all windows show.</summary>
    public PlantedTrouble Burn(IEnumerable<string> services)
    {
        foreach (var service in services)
            Down(service, "all", Duration.FromDays(5));
        return this;
    }

    /// <summary>Tells a host, centre by centre.</summary>
    public static async Task TellAsync(TestServer host, IEnumerable<JsonObject> events)
    {
        foreach (var centre in events.GroupBy(e => (string)e["centre"]!))
        {
            var (status, answer) = await host.PostAsync([.. centre.Select(e => e.DeepClone().AsObject())]);
            Assert.True(status == 200, answer?.ToJsonString());
        }
    }

    private void Watched()
    {
        foreach (var service in (string[])["portal-web", "portal-database", "identity", "payment", "mail", "kiosk-1", "kiosk-2", "kiosk-3"])
            Tell(_trouble, Department, "monitoring_started", $"service/{service}", Duration.FromDays(60), new() { ["by"] = "monitor" });
    }

    private void Begun(string number, Duration ago)
    {
        Tell(_trouble, Hall, "case_received", $"case/{number}", ago, new() { ["item"] = Item, ["window"] = "W1", ["staff"] = "W1-01" });
        // What was withdrawn before it was due was never late.
        Tell(_end, Hall, "case_withdrawn", $"case/{number}", ago - Moment, []);
    }

    private void Accepted(string number, Duration ago)
    {
        Begun(number, ago);
        Tell(_trouble, Hall, "case_accepted", $"case/{number}", ago, []);
    }

    private void Complained(string number, Duration ago)
    {
        Tell(_trouble, Hall, "complaint_registered", $"complaint/{number}", ago, new() { ["channel"] = "phone", ["category"] = "delay" });
        foreach (var step in (string[])["complaint_transferred", "complaint_responded", "complaint_fed_back", "complaint_closed"])
            Tell(_end, Hall, step, $"complaint/{number}", Duration.Zero, step == "complaint_transferred" ? new() { ["to"] = "a1" } : []);
    }

    private void Down(string service, string name, Duration ago, Duration? lasting = null)
    {
        var outage = $"outage/{service}-{name}";
        Tell(_trouble, Department, "outage_started", outage, ago, new() { ["service"] = service, ["urgency"] = "high", ["impact"] = "high" });
        if (lasting is { } time)
            Tell(_trouble, Department, "outage_restored", outage, ago - time, []);
        Tell(_end, Department, "outage_voided", outage, ago - Moment, new() { ["reason"] = "planted" });
    }

    private void Interrupted(string service, int times)
    {
        for (var i = 0; i < times; i++)
            Down(service, $"brief-{i}", Duration.FromMinutes(3 * (i + 1)), Duration.FromMinutes(1));
    }

    private void Tell(List<JsonObject> to, string centre, string type, string subject, Duration ago, JsonObject data)
    {
        var told = TestServer.Event(type, subject, Timestamps.Format(now - ago), data, string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeTicks()}/{_trouble.Count + _end.Count}"));
        told["centre"] = centre;
        to.Add(told);
    }
}
