using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using SlaMonitor.Domain;

namespace SlaMonitor.Tests.Host;

/// <summary>Figures of services over HTTP: the list, which is made of daily counts, and the single service, which is made of the facts, say the same.</summary>
public class ServiceReadingTests
{
    private const string Centre = "it-department";
    private static readonly Instant Now = Instant.FromUtc(2026, 5, 20, 3, 30);
    private static readonly string[] Services = ["queue-system", "portal-web", "portal-database", "identity", "permits-online", "kiosk-1", "kiosk-2", "kiosk-3", "kiosks", "hotline", "mail"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_list_and_the_single_service_say_the_same_and_so_does_the_past(int seed)
    {
        await using var server = await TestServer.StartAsync(Now);
        await SendAsync(server, [.. Events(new Random(seed))]);
        var first = await FiguresAsync(server, "");
        foreach (var (service, listed) in await ListedAsync(server))
        {
            var single = first[service];
            foreach (var field in (string[])["availability", "agreedSeconds", "downtimeSeconds", "grossAvailability", "grossDowntimeSeconds", "excludedSeconds", "unobservedSeconds", "coverage", "budgetSeconds", "budgetLeftSeconds", "interruptions", "ended", "longestRestoreSeconds", "restoredInTime", "restoredLate", "mtrsSeconds", "mtbfSeconds"])
                Assert.True(JsonNode.DeepEquals(listed[field], single[field]), $"{service} {field}: {listed[field]} listed, {single[field]} by itself");
        }

        var position = await server.ScalarAsync<long>("SELECT last_value FROM mt_events_sequence");
        var past = await server.ScalarAsync<DateTime>("SELECT timestamp FROM public.mt_events ORDER BY seq_id DESC LIMIT 1");
        await SendAsync(server, [.. Events(new Random(seed + 100))]);
        var again = await FiguresAsync(server, $"&asOf={position}");
        foreach (var service in Services)
            Assert.Equal(Shown(again[service]), Shown(await AsOfAsync(server, service, position)));
        // Judged at the position's own instant, which is now by the database's clock; the facts are those of then.
        Assert.True(past > DateTime.UnixEpoch);
        Assert.All(Services, s => Assert.Equal(again[s]["interruptionList"]!.AsArray().Count, (int)again[s]["interruptions"]!));
    }

    [Fact]
    public async Task Days_add_up_to_the_month_and_months_to_the_quarter()
    {
        await using var server = await TestServer.StartAsync(Now);
        await SendAsync(server, [.. Events(new Random(7))]);
        foreach (var service in (string[])["queue-system", "permits-online", "kiosks"])
        {
            var quarter = await AvailabilityAsync(server, service, "period=2026-Q1");
            var months = await Task.WhenAll(Enumerable.Range(1, 3).Select(m => AvailabilityAsync(server, service, $"period=2026-{m:00}")));
            var days = new List<JsonNode>();
            for (var day = new LocalDate(2026, 1, 1); day < new LocalDate(2026, 4, 1); day = day.PlusDays(1))
                days.Add(await AvailabilityAsync(server, service, $"from={At(day)}&to={At(day.PlusDays(1))}"));
            foreach (var field in (string[])["agreedSeconds", "downtimeSeconds", "grossDowntimeSeconds", "excludedSeconds", "unobservedSeconds", "interruptions"])
            {
                Assert.Equal((decimal)quarter[field]!, months.Sum(m => (decimal)m[field]!));
                Assert.Equal((decimal)quarter[field]!, days.Sum(d => (decimal)d[field]!));
            }
        }
    }

    [Fact]
    public async Task What_nobody_watched_is_not_up()
    {
        await using var server = await TestServer.StartAsync(Now);
        await SendAsync(server, [
            Event("monitoring_started", "service/portal-web", "2026-04-15T00:00:00+08:00", new() { ["by"] = "prometheus" }),
            Event("monitoring_stopped", "service/portal-web", "2026-04-20T00:00:00+08:00", new() { ["by"] = "prometheus" }),
            Event("monitoring_started", "service/portal-web", "2026-04-27T00:00:00+08:00", new() { ["by"] = "prometheus" }),
        ]);
        var april = await AvailabilityAsync(server, "portal-web", "period=2026-04&segments=true");
        Assert.Equal(1.0, (double)april["availability"]!);
        Assert.Equal(9 * 86_400m, (decimal)april["agreedSeconds"]!);
        Assert.Equal(0.3, (double)april["coverage"]!, 12);
        Assert.Equal(["unobservedLeftOut", "up", "unobservedLeftOut", "up"], april["segments"]!.AsArray().Select(s => (string)s!["reason"]!));
        var identity = await AvailabilityAsync(server, "identity", "period=2026-04");
        Assert.Null(identity["availability"]);
        Assert.Equal(0, (double)identity["coverage"]!);
    }

    [Fact]
    public async Task Planned_maintenance_counts_only_once_approved_and_is_approved_only_when_announced_in_time()
    {
        await using var server = await TestServer.StartAsync(Now);
        await SendAsync(server, [
            Event("monitoring_started", "service/mail", "2026-01-01T00:00:00+08:00", new() { ["by"] = "prometheus" }),
            Event("maintenance_planned", "maintenance/in-time", "2026-04-01T00:00:00+08:00", Planned("2026-05-01T22:00:00+08:00", "2026-05-02T02:00:00+08:00", "2026-04-01T09:00:00+08:00")),
            Event("maintenance_planned", "maintenance/late", "2026-05-09T00:00:00+08:00", Planned("2026-05-09T22:00:00+08:00", "2026-05-10T02:00:00+08:00", "2026-05-09T09:00:00+08:00")),
            Event("outage_started", "outage/1", "2026-05-01T22:30:00+08:00", new() { ["service"] = "mail" }),
            Event("outage_restored", "outage/1", "2026-05-02T01:30:00+08:00", []),
        ]);
        var before = await AvailabilityAsync(server, "mail", "period=2026-05");
        Assert.Equal(10_800m, (decimal)before["downtimeSeconds"]!);
        Assert.Equal(1, (int)before["interruptions"]!);
        foreach (var id in (string[])["in-time", "late"])
            Assert.Equal(200, (await DecideAsync(server, id, "propose", new() { ["kind"] = "plannedMaintenance", ["evidence"] = "change 12" })).Status);
        Assert.Equal(10_800m, (decimal)(await AvailabilityAsync(server, "mail", "period=2026-05"))["downtimeSeconds"]!);
        var (late, reason) = await DecideAsync(server, "late", "approve", []);
        Assert.Equal(409, late);
        Assert.Contains("it was announced 2026-05-09T09:00:00+08:00", (string)reason!["detail"]!, StringComparison.Ordinal);
        var (ok, approved) = await DecideAsync(server, "in-time", "approve", []);
        Assert.Equal(200, ok);
        Assert.Null((await DecideAsync(server, "in-time", "approve", [])).Body!["position"]);
        var after = await AvailabilityAsync(server, "mail", $"period=2026-05&wait={approved!["position"]}");
        Assert.Equal(0m, (decimal)after["downtimeSeconds"]!);
        Assert.Equal(10_800m, (decimal)after["grossDowntimeSeconds"]!);
        Assert.Equal(14_400m, (decimal)after["excludedSeconds"]!);
        Assert.Equal(0, (int)after["interruptions"]!);
        var (revoked, body) = await DecideAsync(server, "in-time", "revoke", new() { ["reason"] = "the change was not made" });
        Assert.Equal(200, revoked);
        Assert.Equal(10_800m, (decimal)(await AvailabilityAsync(server, "mail", $"period=2026-05&wait={body!["position"]}"))["downtimeSeconds"]!);
        Assert.Equal(409, (await DecideAsync(server, "in-time", "approve", [])).Status);
        // What was excluded then is still seen from then.
        Assert.Equal(0m, (decimal)(await AvailabilityAsync(server, "mail", $"period=2026-05&asOf={approved["position"]}"))["downtimeSeconds"]!);
    }

    [Theory]
    [InlineData("""{"decision":"approve","outage":"1"}""", 400, "exclusion is missing")]
    [InlineData("""{"decision":"approve","exclusion":"x1"}""", 400, "outage or maintenance is needed")]
    [InlineData("""{"decision":"grant","outage":"1","exclusion":"x1","by":"a"}""", 400, "decision is not one of")]
    [InlineData("""{"decision":"propose","outage":"1","kind":"weather","evidence":"e","by":"a"}""", 400, "kind is not one of")]
    [InlineData("""{"decision":"approve","outage":"no-such","exclusion":"x1","by":"a"}""", 404, "no such outage")]
    [InlineData("""{"decision":"propose","outage":"1","kind":"plannedMaintenance","evidence":"e","by":"a"}""", 409, "is excluded where it was planned")]
    [InlineData("""{"decision":"propose","outage":"1","kind":"forceMajeure","evidence":"e","by":"a"}""", 409, "has not ended; give until")]
    [InlineData("""{"decision":"propose","outage":"1","kind":"forceMajeure","from":"2026-05-20T10:00:00+08:00","until":"2026-05-20T09:00:00+08:00","evidence":"e","by":"a"}""", 409, "from is not before its until")]
    [InlineData("""{"decision":"propose","outage":"1","kind":"forceMajeure","from":"2026-05-19T09:00:00+08:00","until":"2026-05-20T10:00:00+08:00","evidence":"e","by":"a"}""", 409, "its time is not within the outage")]
    [InlineData("""{"decision":"revoke","outage":"1","exclusion":"x9","reason":"r","by":"a"}""", 409, "no exclusion of that id")]
    [InlineData("""[1]""", 400, "must be an object")]
    [InlineData("""{""", 400, "is not JSON")]
    public async Task What_cannot_be_decided_is_refused_with_the_reason(string body, int status, string reason)
    {
        await using var server = await TestServer.StartAsync(Now);
        await SendAsync(server, [Event("outage_started", "outage/1", "2026-05-20T09:00:00+08:00", new() { ["service"] = "mail" })]);
        var request = body.StartsWith("{\"", StringComparison.Ordinal) ? body.Insert(1, $"\"centre\":\"{Centre}\",") : body;
        var (answered, problem) = await server.PostAsync(request, "application/json", "/exclusions");
        Assert.Equal(status, answered);
        Assert.Contains(reason, problem!.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_who_propose_at_once_each_gets_an_exclusion_or_a_reason()
    {
        await using var server = await TestServer.StartAsync(Now);
        // Whoever may send events cannot send under the name decisions are stored by.
        var squatter = Event("outage_started", "outage/2", "2026-05-20T09:00:00+08:00", new() { ["service"] = "mail" });
        (squatter["source"], squatter["id"]) = ("sla/exclusions", "outage/1/x1/exclusion_proposed/1");
        Assert.Equal(400, (await server.PostAsync(squatter)).Status);
        await SendAsync(server, [Event("outage_started", "outage/1", "2026-05-20T09:00:00+08:00", new() { ["service"] = "mail" })]);
        var answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(i => server.PostAsync(
            $$"""{"centre":"{{Centre}}","decision":"propose","outage":"1","kind":"forceMajeure","until":"2026-05-20T10:00:00+08:00","evidence":"{{i}}","by":"a"}""", "application/json", "/exclusions")));
        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Equal(4, answers.Select(a => (string)a.Body!["exclusion"]!).Distinct().Count());
    }

    [Fact]
    public async Task Evidence_is_an_account_of_it_and_a_maintenance_that_was_moved_is_excluded_where_it_is_now()
    {
        await using var server = await TestServer.StartAsync(Now);
        await SendAsync(server, [Event("maintenance_planned", "maintenance/1", "2026-04-01T00:00:00+08:00", Planned("2026-05-01T22:00:00+08:00", "2026-05-02T02:00:00+08:00", "2026-04-01T09:00:00+08:00"))]);
        var (tooLong, reason) = await DecideAsync(server, "1", "propose", new() { ["kind"] = "plannedMaintenance", ["evidence"] = new string('e', 4_001) });
        Assert.Equal(400, tooLong);
        Assert.Contains("evidence is longer than 4000 characters", (string)reason!["detail"]!, StringComparison.Ordinal);
        Assert.Equal(200, (await DecideAsync(server, "1", "propose", new() { ["kind"] = "plannedMaintenance", ["evidence"] = "change 12" })).Status);
        await SendAsync(server, [Event("maintenance_moved", "maintenance/1", "2026-04-02T00:00:00+08:00", new() { ["from"] = "2026-05-08T22:00:00+08:00", ["until"] = "2026-05-09T02:00:00+08:00" })]);
        var (moved, why) = await DecideAsync(server, "1", "approve", []);
        Assert.Equal(409, moved);
        Assert.Contains("not within the maintenance as it is planned now", (string)why!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_decided_here_is_refused_at_the_door()
    {
        await using var server = await TestServer.StartAsync(Now);
        var (status, problem) = await server.PostAsync(Event("exclusion_approved", "outage/1", "2026-05-20T09:00:00+08:00", new() { ["exclusion"] = "x1", ["approver"] = "me" }));
        Assert.Equal(400, status);
        Assert.Contains("POST /exclusions", problem!.ToJsonString(), StringComparison.Ordinal);
        var (strange, wrong) = await server.PostAsync(Event("outage_started", "case/1", "2026-05-20T09:00:00+08:00", new() { ["service"] = "no-such" }));
        Assert.Equal(400, strange);
        Assert.Contains("does not name an outage", wrong!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("is not a service of catalogue", wrong.ToJsonString(), StringComparison.Ordinal);
    }

    private static JsonObject Planned(string from, string until, string notice) => new() { ["service"] = "mail", ["from"] = from, ["until"] = until, ["noticeAt"] = notice };

    private static Task<(int Status, JsonNode? Body)> DecideAsync(TestServer server, string maintenance, string decision, JsonObject fields)
    {
        (fields["centre"], fields["maintenance"], fields["decision"], fields["by"]) = (Centre, maintenance, decision, "slm");
        if (decision != "propose")
            fields["exclusion"] = "x1";
        return server.PostAsync(fields.ToJsonString(), "application/json", "/exclusions");
    }

    private static async Task<Dictionary<string, JsonNode>> FiguresAsync(TestServer server, string query)
    {
        var figures = new Dictionary<string, JsonNode>();
        foreach (var service in Services)
            figures[service] = await AvailabilityAsync(server, service, query.TrimStart('&'));
        return figures;
    }

    private static Task<JsonNode> AsOfAsync(TestServer server, string service, long position) => AvailabilityAsync(server, service, $"asOf={position}");

    private static string Shown(JsonNode figures) => figures.ToJsonString();

    private static async Task<Dictionary<string, JsonNode>> ListedAsync(TestServer server)
    {
        var (status, body) = await server.GetAsync($"/services?centre={Centre}");
        Assert.Equal(200, status);
        return body!["services"]!.AsArray().Where(s => Services.Contains((string)s!["service"]!)).ToDictionary(s => (string)s!["service"]!, s => s!);
    }

    private static async Task<JsonNode> AvailabilityAsync(TestServer server, string service, string query)
    {
        var (status, body) = await server.GetAsync($"/services/{service}/availability?centre={Centre}&{query}");
        Assert.True(status == 200, body?.ToJsonString());
        return body!;
    }

    private static async Task SendAsync(TestServer server, JsonObject[] events)
    {
        var (status, body) = await server.PostAsync(events);
        Assert.True(status == 200, body?.ToJsonString());
        await server.GetAsync($"/services?centre={Centre}&wait={await server.ScalarAsync<long>("SELECT last_value FROM mt_events_sequence")}");
    }

    private static string At(LocalDate day) => Uri.EscapeDataString(day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture) + "T00:00:00+08:00");

    private static JsonObject Event(string type, string subject, string time, JsonObject data, string? id = null)
    {
        var sent = TestServer.Event(type, subject, time, data, id);
        sent["centre"] = Centre;
        return sent;
    }

    /// <summary>Random outages since the year began, some of them open, under random watching.</summary>
    private static IEnumerable<JsonObject> Events(Random random)
    {
        var year = Instant.FromUtc(2025, 12, 31, 16, 0);
        var (salt, minutes) = (random.Next(), (int)(Now - year).TotalMinutes);
        foreach (var service in (string[])["portal-web", "portal-database", "mail"])
        {
            yield return Event("monitoring_started", $"service/{service}", Timestamps.Format(year + Duration.FromDays(random.Next(20))), new() { ["by"] = "a" }, $"{salt}/{service}/1");
            yield return Event("monitoring_stopped", $"service/{service}", Timestamps.Format(year + Duration.FromDays(random.Next(30, 90))), new() { ["by"] = "a" }, $"{salt}/{service}/2");
            if (random.Next(3) > 0)
                yield return Event("monitoring_started", $"service/{service}", Timestamps.Format(year + Duration.FromDays(random.Next(90, 130))), new() { ["by"] = "a" }, $"{salt}/{service}/3");
        }

        foreach (var service in Services.Except(["permits-online", "kiosks"]))
        {
            for (var i = 0; i < 12; i++)
            {
                var at = year + Duration.FromMinutes(random.Next(minutes));
                yield return Event("outage_started", $"outage/{salt}-{service}-{i}", Timestamps.Format(at), new() { ["service"] = service, ["lost"] = random.Next(1, 4) / 3 == 1 ? 1 : 0.25, ["urgency"] = random.Next(2) == 0 ? "high" : "low", ["impact"] = "high" });
                if (i > 0 || random.Next(2) == 0)
                    yield return Event("outage_restored", $"outage/{salt}-{service}-{i}", Timestamps.Format(Instant.Min(Now, at + Duration.FromMinutes(random.Next(4_000)))), []);
            }
        }
    }
}
