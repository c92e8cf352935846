using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Tests.Host;

/// <summary>Every route of the running program, asked by every role, limited to every centre, about every centre.</summary>
public class AccessTableTests
{
    private const int Hidden = 404;

    // Each centre has a case number, a token and a count that are found nowhere else.
    private static readonly Planted Own = new("service-hall", "HALLCASE", "hall-token-88", 89, ["办事大厅", "service-hall"]);
    private static readonly Planted Other = new("permits-nl", "PERMITCASE", "permit-token-77", 137, ["荷兰", "Permit office", "permit.eight-weeks", "permits-nl"]);

    /// <summary>All routes: the role that opens each, null for all callers, and a request of it about a centre.</summary>
    private static readonly Row[] Table =
    [
        new("POST /events", Roles.Ingest, c => "/events", Hidden: 400, Body: c => Received(c, $"{c.Case}-1").ToJsonString(), ContentType: "application/cloudevents+json"),
        new("POST /webhooks/{name}", Roles.Ingest, _ => "/webhooks/no-such", Allowed: 404, Body: _ => """{"issue":{"key":"A-1"},"webhookEvent":"comment_created"}"""),
        new("POST /calculate/due", Roles.Read, _ => "/calculate/due", Body: _ => """{"id":1,"calendar":"cn","start":"2026-02-13T17:30:00+08:00","limit":{"workingDays":5}}"""),
        new("POST /calculate/availability", Roles.Read, _ => "/calculate/availability", Body: _ => """{"id":1,"from":"2026-03-01T00:00:00+08:00","to":"2026-04-01T00:00:00+08:00"}"""),
        new("GET /cases", Roles.Read, c => $"/cases?centre={c.Centre}&limit=1000", Hidden: 400),
        new("GET /cases/{id}", Roles.Read, c => $"/cases/{c.Case}-1?centre={c.Centre}&wait=1", Hidden: 400),
        new("GET /cases/{id}/explain", Roles.Read, c => $"/cases/{c.Case}-1/explain?centre={c.Centre}&asOf=100", Hidden: 400),
        new("GET /compliance", Roles.Read, c => $"/compliance?centre={c.Centre}&asOf=100", Hidden: 400),
        new("GET /indicators", Roles.Read, c => $"/indicators?centre={c.Centre}", Hidden: 400),
        new("GET /anomalies", Roles.Read, c => $"/anomalies?centre={c.Centre}", Hidden: 400),
        new("GET /restatements", Roles.Read, c => $"/restatements?centre={c.Centre}", Hidden: 400),
        new("GET /services", Roles.Read, c => $"/services?centre={c.Centre}", Hidden: 400),
        new("GET /services/{service}/availability", Roles.Read, c => $"/services/queue/availability?centre={c.Centre}", Hidden: 400, Allowed: 404),
        new("GET /outages", Roles.Read, c => $"/outages?centre={c.Centre}", Hidden: 400),
        new("GET /outages/{id}", Roles.Read, c => $"/outages/1?centre={c.Centre}&asOf=100", Hidden: 400, Allowed: 404),
        new("GET /complaints", Roles.Read, c => $"/complaints?centre={c.Centre}", Hidden: 400),
        new("GET /complaints/figures", Roles.Read, c => $"/complaints/figures?centre={c.Centre}&by=staff", Hidden: 400),
        new("GET /complaints/consecutive", Roles.Read, c => $"/complaints/consecutive?centre={c.Centre}", Hidden: 400),
        new("GET /satisfaction", Roles.Read, c => $"/satisfaction?centre={c.Centre}", Hidden: 400),
        new("GET /ratings", Roles.Read, c => $"/ratings?centre={c.Centre}", Hidden: 400),
        new("GET /complaints/{id}", Roles.Read, c => $"/complaints/1?centre={c.Centre}&asOf=100", Hidden: 400, Allowed: 404),
        new("GET /complaints/{id}/explain", Roles.Read, c => $"/complaints/1/explain?centre={c.Centre}", Hidden: 400, Allowed: 404),
        new("GET /samples", Roles.Read, c => $"/samples?centre={c.Centre}", Hidden: 400),
        new("GET /samples/{month}", Roles.Read, c => $"/samples/2026-01?centre={c.Centre}", Hidden: 400, Allowed: 404),
        new("GET /exclusions", Roles.Read, c => $"/exclusions?centre={c.Centre}", Hidden: 400),
        new("GET /notifications", Roles.Read, c => $"/notifications?centre={c.Centre}", Hidden: 400),
        new("GET /metrics", Roles.Read, _ => "/metrics"),
        new("GET /", Roles.Read, c => $"/?centre={c.Centre}&lang=en", Hidden),
        new("GET /board/cases", Roles.Read, c => $"/board/cases?centre={c.Centre}&lang=en", Hidden),
        new("GET /board/compliance", Roles.Read, c => $"/board/compliance?centre={c.Centre}&lang=zh", Hidden),
        new("GET /board/anomalies", Roles.Read, c => $"/board/anomalies?centre={c.Centre}", Hidden),
        new("GET /board/services", Roles.Read, c => $"/board/services?centre={c.Centre}&lang=en", Hidden),
        // Neither centre has any; that a hidden one is answered as none at all is what the first of them shows.
        new("GET /board/services/{service}", Roles.Read, c => $"/board/services/none?centre={c.Centre}&lang=en", Hidden, Allowed: 404),
        new("GET /board/outages/{id}", Roles.Read, c => $"/board/outages/none?centre={c.Centre}&lang=zh", Hidden, Allowed: 404),
        new("GET /board/complaints", Roles.Read, c => $"/board/complaints?centre={c.Centre}&lang=en", Hidden),
        new("GET /board/complaints/{id}", Roles.Read, c => $"/board/complaints/none?centre={c.Centre}&lang=zh", Hidden, Allowed: 404),
        new("GET /board/satisfaction", Roles.Read, c => $"/board/satisfaction?centre={c.Centre}&lang=zh", Hidden),
        new("GET /board/notifications", Roles.Read, c => $"/board/notifications?centre={c.Centre}&lang=en", Hidden),
        new("GET /view/{centre}/{id}", Roles.Read, c => $"/view/{c.Centre}/{c.Case}-1?lang=zh", Hidden),
        new("GET /find", Roles.Read, _ => "/find?centre=c&case=1", Allowed: 302),
        new("GET /style.css", Roles.Read, _ => "/style.css"),
        new("GET /page.js", Roles.Read, _ => "/page.js"),
        new("POST /recalculations", Roles.Decide, _ => "/recalculations", Hidden: 400, Body: c => AccessTests.Recalculation(dryRun: true, c.Centre)),
        // Of a month that has not ended nothing is drawn, whoever asks.
        new("POST /samples", Roles.Decide, _ => "/samples", Hidden: 400, Allowed: 409, Body: c => $$"""{"centre":"{{c.Centre}}","month":"2190-01","perWindow":3}"""),
        new("POST /exclusions", Roles.Decide, _ => "/exclusions", Hidden: 400, Allowed: 404, Body: c => $$"""{"centre":"{{c.Centre}}","decision":"approve","outage":"1","exclusion":"x1"}"""),
        .. ((string[])["replay", "dismiss"]).SelectMany(verb => (Row[])
        [
            new($"POST /notifications/{{id}}/{verb}", Roles.Decide, _ => $"/notifications/none/{verb}", Hidden: 400, Allowed: 404, Body: c => $$"""{"centre":"{{c.Centre}}"}"""),
            new($"POST /notifications/{verb}", Roles.Decide, _ => $"/notifications/{verb}", Hidden: 400, Body: c => $$"""{"centre":"{{c.Centre}}","target":"none"}"""),
        ]),
        .. ((string[])["complaints", "cases"]).SelectMany(things => (Row[])
        [
            new($"GET /{things}/{{id}}/person", Roles.PersonalData, c => $"/{things}/none/person?centre={c.Centre}&purpose=table", Hidden: 400, Allowed: 404),
            new($"GET /{things}/{{id}}/readings", Roles.PersonalData, c => $"/{things}/none/readings?centre={c.Centre}", Hidden: 400, Allowed: 404),
            new($"POST /{things}/{{id}}/erase", Roles.PersonalData, c => $"/{things}/none/erase", Hidden: 400, Body: c => $$"""{"centre":"{{c.Centre}}","reason":"table"}""", Allowed: 404),
        ]),
        new("GET /tokens", Roles.Admin, _ => "/tokens"),
        new("DELETE /tokens/{token}", Roles.Admin, c => $"/tokens/{c.Token}", Hidden, Allowed: 204),
        new("GET /healthz", null, _ => "/healthz"),
        // The same for everybody: its examples are of the sample hall.
        new("GET /openapi/{documentName}.json", null, _ => "/openapi/v1.json", IsOfNobody: true),
        new("GET /readyz", null, _ => "/readyz"),
    ];

    [Fact]
    public async Task Every_route_is_in_the_table_and_is_opened_to_whom_it_says_and_tells_of_no_centre_that_is_hidden()
    {
        await using var server = await TestServer.StartGuardedAsync(failuresPerMinute: int.MaxValue);
        Assert.Equal(Table.Select(r => r.Route).Order(StringComparer.Ordinal), server.Endpoints.OfType<RouteEndpoint>().SelectMany(NamesOf).Order(StringComparer.Ordinal));
        var (own, other, nowhere) = (await PlantAsync(server, Own), await PlantAsync(server, Other), Other with { Centre = "nowhere-at-all", Token = "nowhere-at-all" });
        var faults = new List<string>();
        foreach (var caller in await CallersAsync(server))
        {
            foreach (var row in Table)
            {
                foreach (var asked in new[] { own, other })
                {
                    var (status, body) = await AskAsync(server, caller, row, asked);
                    var seen = caller.Sees is null || caller.Sees == asked.Centre;
                    if (status != Expected(caller, row, seen))
                        faults.Add($"{caller} {row.Route} about {asked.Centre}: {status} in place of {Expected(caller, row, seen)}: {body}");
                    // As if it did not exist; else no word of the other.
                    if (!seen && row.IsAboutCentre && status == row.Hidden)
                        faults.AddRange(await DifferencesAsync(server, caller, row, (asked, body), nowhere));
                    else if (!row.IsOfNobody && caller.Sees is not null && (caller.Sees == own.Centre ? other : own).FindIn(body) is { } leak)
                        faults.Add($"{caller} {row.Route} about {asked.Centre}: tells '{leak}' in {body}");
                }
            }
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task What_is_planted_is_found_by_those_who_see_all()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var other = await PlantAsync(server, Other);
        var (_, token) = await server.TokenAsync(Roles.Admin);
        foreach (var (path, found) in new[] { ("/metrics", "137"), ("/?centre=permits-nl&commitment=permit.eight-weeks", "137"), ("/board/cases?centre=permits-nl", "PERMITCASE-"), ("/board/anomalies?centre=permits-nl", "PERMITCASE-0"), ("/?lang=zh", "荷兰"), ("/cases?centre=permits-nl&limit=1000", "PERMITCASE-137"), ("/tokens", "permit-token-77"), ("/anomalies?centre=permits-nl", "PERMITCASE-0") })
        {
            var (_, body) = await server.SendAsync(HttpMethod.Get, path, $"Bearer {token}");
            Assert.Contains(found, WebUtility.HtmlDecode(body), StringComparison.Ordinal);
            Assert.NotNull(other.FindIn(body));
        }
    }

    private static IEnumerable<string> NamesOf(RouteEndpoint route) =>
        (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method => $"{method} {route.RoutePattern.RawText}");

    private static int Expected(Caller caller, Row row, bool seen) =>
        row.Role is null ? row.Allowed
        : caller.Role is null ? 401
        : caller.Role != row.Role && (caller.Role != Roles.Admin || row.Role == Roles.PersonalData) ? 403
        : seen || !row.IsAboutCentre ? row.Allowed
        : row.Hidden;

    /// <summary>Everybody: no token, an expired and a revoked one, and each role, limited to each centre or to none.</summary>
    private static async Task<List<Caller>> CallersAsync(TestServer server)
    {
        var callers = new List<Caller> { new("none", null, null, null) };
        foreach (var centre in new[] { Own.Centre, Other.Centre, null })
        {
            string[]? centres = centre is null ? null : [centre];
            var (_, expired) = await server.TokenAsync(Roles.Admin, centres, expiresAt: server.Clock.Now, name: "expired");
            var (revoked, revokedText) = await server.TokenAsync(Roles.Admin, centres, name: "revoked");
            await new AccessTokens(server.Database.DataSource).RevokeAsync(revoked.Id, "tests", server.Clock.Now, null, default);
            callers.AddRange([new Caller("expired", expired, null, centre), new Caller("revoked", revokedText, null, centre)]);
            foreach (var role in Roles.All)
                callers.Add(new Caller(role, (await server.TokenAsync(role, centres, name: "caller")).Text, role, centre));
        }

        return callers;
    }

    /// <summary>Cases, an anomaly and a token of a centre, and metrics that tell of them.</summary>
    private static async Task<Planted> PlantAsync(TestServer server, Planted planted)
    {
        var (token, _) = await server.TokenAsync(Roles.Read, [planted.Centre], name: planted.Name);
        var (_, ingest) = await server.TokenAsync(Roles.Admin, name: "planter");
        var events = Enumerable.Range(1, planted.Count).Select(i => Received(planted, $"{planted.Case}-{i}"))
            .Append(Of(planted, TestServer.Event("case_closed", $"case/{planted.Case}-0", "2026-03-17T09:30:00+08:00")));
        var (stored, body) = await server.SendAsync(HttpMethod.Post, "/events", $"Bearer {ingest}", new JsonArray([.. events]).ToJsonString(), "application/cloudevents-batch+json");
        Assert.True(stored.IsSuccessStatusCode, body);
        await server.SendAsync(HttpMethod.Get, $"/cases?centre={planted.Centre}&wait={JsonNode.Parse(body)!["position"]}", $"Bearer {ingest}");
        var sample = string.Create(CultureInfo.InvariantCulture, $"sla_cases_open{{sla_centre=\"{planted.Centre}\",sla_service=\"{(planted.Centre == Own.Centre ? "food-business-licence" : "environmental-permit")}\"}} {planted.Count}\n");
        await Condition.HoldsAsync(async () => (await server.SendAsync(HttpMethod.Get, "/metrics", $"Bearer {ingest}")).Body.Contains(sample, StringComparison.Ordinal));
        return planted with { Token = token.Id };
    }

    private static JsonObject Received(Planted planted, string number) =>
        Of(planted, TestServer.Received($"case/{number}", "2026-03-16T09:30:00+08:00", planted.Centre == Own.Centre ? "food-business-licence" : "environmental-permit"));

    private static JsonObject Of(Planted planted, JsonObject sent)
    {
        sent["centre"] = planted.Centre;
        if (planted.Centre != Own.Centre && sent["data"] is JsonObject data && data.Remove("window"))
            data["given"] = new JsonObject { ["deadline"] = "2026-05-11T18:00:00+08:00" };
        return sent;
    }

    private static async Task<(int Status, string Body)> AskAsync(TestServer server, Caller caller, Row row, Planted asked)
    {
        var (response, body) = await server.SendAsync(new HttpMethod(row.Route.Split(' ')[0]), row.Path(asked), caller.Token is { } token ? $"Bearer {token}" : null, row.Body?.Invoke(asked), row.ContentType);
        // Pages write Chinese as entities.
        return ((int)response.StatusCode, WebUtility.HtmlDecode(body));
    }

    /// <summary>What tells a centre that is hidden from one that does not exist, but for the name that was asked for.</summary>
    private static async Task<IEnumerable<string>> DifferencesAsync(TestServer server, Caller caller, Row row, (Planted Asked, string Body) hidden, Planted nowhere)
    {
        var absent = hidden.Asked with { Centre = nowhere.Centre, Token = nowhere.Token };
        var (_, body) = await AskAsync(server, caller, row, absent);
        var (one, two) = (AccessTests.Without(hidden.Body.Replace(hidden.Asked.Centre, "?", StringComparison.Ordinal), "traceId"), AccessTests.Without(body.Replace(absent.Centre, "?", StringComparison.Ordinal), "traceId"));
        return one == two ? [] : [$"{caller} {row.Route}: a hidden centre is told from an absent one: {one} / {two}"];
    }

    /// <summary>A route, who may use it, a request of it, and what it answers; <paramref name="Hidden"/> about a centre that is hidden, 0 where none is asked about.</summary>
    private sealed record Row(string Route, string? Role, Func<Planted, string> Path, int Hidden = 0, Func<Planted, string>? Body = null, string ContentType = "application/json", int Allowed = 200, bool IsOfNobody = false)
    {
        public bool IsAboutCentre => Hidden != 0;
    }

    private sealed record Caller(string Kind, string? Token, string? Role, string? Sees)
    {
        public override string ToString() => $"{Kind} limited to {Sees ?? "nothing"}";
    }

    private sealed record Planted(string Centre, string Case, string Name, int Count, string[] Words, string Token = "")
    {
        /// <summary>The first thing of this centre that a text tells; null when it tells none.</summary>
        public string? FindIn(string body) => Words.Append(Case).Append(Name).Append(Token).Where(w => w.Length > 0).FirstOrDefault(w => body.Contains(w, StringComparison.Ordinal))
            ?? Regex.Matches(body, @"(?<![\w.:\-#])\d+(?![\w\-:.])").Select(m => m.Value).FirstOrDefault(n => n == Count.ToString(CultureInfo.InvariantCulture));
    }
}
