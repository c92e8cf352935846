using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using NodaTime;
using SlaMonitor.Host.Access;

namespace SlaMonitor.Tests.Host;

/// <summary>Who gets in, for how long, and what those hear who do not.</summary>
public class AccessTests
{
    private static readonly string[] Hall = ["service-hall"];

    [Fact]
    public async Task A_token_opens_as_Bearer_and_as_the_password_of_Basic()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, token) = await server.TokenAsync(Roles.Read);
        foreach (var authorization in new[] { $"Bearer {token}", $"bearer  {token}", Basic("", token), Basic("anybody", token) })
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, authorization));
        foreach (var authorization in new[] { token, $"Digest {token}", Basic(token, ""), "Basic !", "Bearer", "Bearer " + token[..^1], $"Bearer {token}x" })
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, authorization));
    }

    [Fact]
    public async Task A_missing_an_unknown_an_expired_and_a_revoked_token_are_refused_in_the_same_words()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, expired) = await server.TokenAsync(Roles.Read, expiresAt: server.Clock.Now);
        var (revoked, revokedText) = await server.TokenAsync(Roles.Read);
        await new AccessTokens(server.Database.DataSource).RevokeAsync(revoked.Id, "tests", server.Clock.Now, null, default);
        var (_, wrong) = await server.TokenAsync(Roles.Read);
        var answers = new HashSet<string>();
        foreach (var authorization in new[] { null, $"Bearer {expired}", $"Bearer {revokedText}", $"Bearer {Altered(wrong)}", $"Bearer {Credential.New().Text}" })
        {
            var (response, body) = await server.SendAsync(HttpMethod.Get, "/compliance?centre=service-hall", authorization);
            Assert.Equal(("application/problem+json", "Bearer realm=\"SlaMonitor\""), (response.Content.Headers.ContentType!.MediaType, response.Headers.WwwAuthenticate.ToString()));
            answers.Add($"{(int)response.StatusCode} {Without(body, "traceId")}");
        }

        Assert.StartsWith("401 ", Assert.Single(answers), StringComparison.Ordinal);
        Assert.Contains("sla token create", answers.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_has_the_browser_ask()
    {
        await using var server = await TestServer.StartGuardedAsync();
        foreach (var page in new[] { "/", "/view/service-hall/1", "/style.css" })
        {
            var (response, _) = await server.SendAsync(HttpMethod.Get, page, null);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Contains(response.Headers.WwwAuthenticate, h => h.Scheme == "Basic" && h.Parameter!.StartsWith("realm=\"SlaMonitor\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_token_of_another_role_is_told_which_it_needs()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, token) = await server.TokenAsync(Roles.Ingest);
        var (response, body) = await server.SendAsync(HttpMethod.Get, "/compliance?centre=service-hall", $"Bearer {token}");
        Assert.Equal((HttpStatusCode.Forbidden, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("needs the role read", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_expiry_counts_from_its_instant_on_however_recently_the_token_was_verified()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, token) = await server.TokenAsync(Roles.Read, expiresAt: server.Clock.Now + Duration.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"Bearer {token}"));
        server.Clock.Now += Duration.FromSeconds(1);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, $"Bearer {token}"));
    }

    [Fact]
    public async Task A_revocation_on_another_host_counts_within_two_seconds_also_when_the_clock_is_set_back()
    {
        await using var server = await TestServer.StartGuardedAsync();
        foreach (var passed in new[] { TokenVerifier.Freshness, -Duration.FromSeconds(1) })
        {
            var (token, text) = await server.TokenAsync(Roles.Read);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"Bearer {text}"));
            await new AccessTokens(server.Database.DataSource).RevokeAsync(token.Id, "another host", server.Clock.Now, null, default);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"Bearer {text}"));
            server.Clock.Now += passed;
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, $"Bearer {text}"));
        }
    }

    [Fact]
    public async Task Who_presents_too_many_refused_tokens_is_not_looked_at_for_a_while_and_tokens_verified_before_go_on()
    {
        await using var server = await TestServer.StartGuardedAsync(failuresPerMinute: 3);
        var (used, usedText) = await server.TokenAsync(Roles.Read);
        var (_, unused) = await server.TokenAsync(Roles.Read);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"Bearer {usedText}"));
        // At once, so that a burst does not outrun the count. A request without any token is no attempt.
        var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => StatusAsync(server, $"Bearer {Credential.New().Text}")).Append(StatusAsync(server, null)));
        Assert.Equal((4, 17), (statuses.Count(s => s == HttpStatusCode.Unauthorized), statuses.Count(s => s == HttpStatusCode.TooManyRequests)));
        var (response, body) = await server.SendAsync(HttpMethod.Get, "/compliance?centre=service-hall", $"Bearer {unused}");
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Contains("Retry-After", body, StringComparison.Ordinal);
        // Also when it has to be looked up again, and then what became of it counts.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"Bearer {usedText}"));
        server.Clock.Now += Duration.FromMinutes(10);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"Bearer {usedText}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(server, $"Bearer {Altered(usedText)}"));
        await new AccessTokens(server.Database.DataSource).RevokeAsync(used.Id, "tests", server.Clock.Now, null, default);
        server.Clock.Now += Duration.FromMinutes(10);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, $"Bearer {usedText}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(server, $"Bearer {usedText}"));
    }

    [Fact]
    public async Task However_many_ask_with_a_token_at_once_none_is_refused()
    {
        await using var server = await TestServer.StartGuardedAsync(failuresPerMinute: 1);
        var (_, token) = await server.TokenAsync(Roles.Read);
        for (var again = 0; again < 2; again++)
        {
            var statuses = await Task.WhenAll(Enumerable.Range(0, 400).Select(async _ => (await server.SendAsync(HttpMethod.Get, "/style.css", $"Bearer {token}")).Response.StatusCode));
            Assert.All(statuses, s => Assert.Equal(HttpStatusCode.OK, s));
            server.Clock.Now += Duration.FromMinutes(1);
        }
    }

    [Fact]
    public async Task Metrics_of_a_limited_token_have_the_samples_of_its_centres_and_no_empty_families()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, token) = await server.TokenAsync(Roles.Read, Hall);
        var lines = Array.Empty<string>();
        await Condition.HoldsAsync(async () => await server.SendAsync(HttpMethod.Get, "/metrics", $"Bearer {token}") is ({ StatusCode: HttpStatusCode.OK }, var body) && (lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Length > 0);
        string[] plain = ["sla_build_info", "sla_snapshot_timestamp_seconds"];
        var samples = lines.Where(l => l[0] != '#').ToList();
        Assert.All(samples, l => Assert.True(l.Contains("sla_centre=\"service-hall\"", StringComparison.Ordinal) || plain.Any(p => l.StartsWith(p, StringComparison.Ordinal)), l));
        Assert.Equal(samples.Select(l => l.Split('{', ' ')[0]).Distinct(), lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]));
        Assert.Contains("sla_cases_open{sla_centre=\"service-hall\",sla_service=\"food-business-licence\"} 0", samples);
        Assert.All(plain, p => Assert.Contains(samples, l => l.StartsWith(p, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task On_an_open_server_a_token_that_is_presented_is_checked_and_its_limits_hold()
    {
        await using var server = await TestServer.StartAsync();
        var (_, token) = await server.TokenAsync(Roles.Read, ["permits-nl"]);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, null));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(server, $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, $"Bearer {Altered(token)}"));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.SendAsync(HttpMethod.Get, "/tokens", $"Bearer {token}")).Response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/tokens", null)).Response.StatusCode);
    }

    [Theory]
    [InlineData(false, 400)]
    [InlineData(true, 401)]
    public async Task An_open_server_answers_to_no_other_name_than_this_machines(bool guarded, int status)
    {
        await using var server = await TestServer.StartAsync(rules: new AccessRules(guarded));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/compliance?centre=service-hall") { Headers = { Host = "evil.example" } };
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task No_setting_opens_an_open_server_to_others()
    {
        await using var server = await TestServer.StartAsync(null, null, null, ("urls", "http://0.0.0.0:0"), ("AllowedHosts", "*"));
        Assert.Equal("127.0.0.1", server.Client.BaseAddress!.Host);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/compliance?centre=service-hall") { Headers = { Host = "evil.example" } };
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => TestServer.StartAsync(null, null, null, ("Kestrel:Endpoints:More:Url", "http://0.0.0.0:0")));
        Assert.Contains("Kestrel:Endpoints", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_may_send_under_its_own_sources_and_to_its_own_centres_only()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, token) = await server.TokenAsync(Roles.Ingest, Hall, ["desk-1", "desk-2"]);
        var (sent, foreign, elsewhere) = (TestServer.Received("case/1", "2026-03-02T09:30:00+08:00"), TestServer.Received("case/2", "2026-03-02T09:30:00+08:00"), TestServer.Received("case/3", "2026-03-02T09:30:00+08:00"));
        (sent["source"], elsewhere["source"], elsewhere["centre"]) = ("desk-2", "desk-1", "permits-nl");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, token, sent)).Status);
        var (status, problem) = await PostAsync(server, token, foreign);
        Assert.Equal((HttpStatusCode.BadRequest, "source is not a source this token may send under"), (status, Fault(problem)));
        (status, problem) = await PostAsync(server, token, elsewhere);
        Assert.Equal((HttpStatusCode.BadRequest, "centre is not known; give one of service-hall"), (status, Fault(problem)));
        // Without naming one it sends to the only one it knows.
        sent.Remove("centre");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(server, token, sent)).Status);
    }

    [Fact]
    public async Task A_route_without_a_role_is_closed_and_what_is_not_there_is_told_to_those_who_are_known()
    {
        await using var server = await TestServer.StartGuardedAsync(add: app => app.MapGet("/forgotten", () => "open"));
        var (_, token) = await server.TokenAsync(Roles.Admin);
        foreach (var (method, path, status) in new[] { (HttpMethod.Get, "/forgotten", 403), (HttpMethod.Get, "/nowhere", 404), (HttpMethod.Delete, "/cases", 405) })
        {
            Assert.Equal(401, (int)(await server.SendAsync(method, path, null)).Response.StatusCode);
            Assert.Equal(status, (int)(await server.SendAsync(method, path, $"Bearer {token}")).Response.StatusCode);
        }

        await using var open = await TestServer.StartAsync(add: app => app.MapGet("/forgotten", () => "open"));
        Assert.Equal(403, (await open.GetAsync("/forgotten")).Status);
        Assert.Equal(404, (await open.GetAsync("/nowhere")).Status);
    }

    [Fact]
    public async Task A_database_that_is_away_is_said_to_be_and_is_no_refusal()
    {
        await using var server = await TestServer.StartGuardedAsync(failuresPerMinute: 1);
        var (_, token) = await server.TokenAsync(Roles.Read);
        await ExecuteAsync(server, "ALTER TABLE sla.access_token RENAME TO away");
        Assert.Equal(HttpStatusCode.InternalServerError, await StatusAsync(server, $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, "/healthz", $"Bearer {token}")).Response.StatusCode);
        await ExecuteAsync(server, "ALTER TABLE sla.away RENAME TO access_token");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, $"Bearer {token}"));
    }

    [Fact]
    public void A_hash_is_compared_whole_whether_there_is_one_or_not()
    {
        var (credential, other) = (Credential.New().Credential, Credential.New().Credential);
        Assert.True(AccessTokens.IsSame([.. credential.SecretHash], credential.SecretHash));
        Assert.False(AccessTokens.IsSame(other.SecretHash, credential.SecretHash));
        Assert.False(AccessTokens.IsSame(null, credential.SecretHash));
        Assert.False(AccessTokens.IsSame(null, new byte[32]));
    }

    [Fact]
    public async Task Neither_secret_nor_token_stands_in_the_database()
    {
        await using var server = await TestServer.StartGuardedAsync();
        var (_, token) = await server.TokenAsync(Roles.Decide, Hall);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Post, "/recalculations", $"Bearer {token}", Recalculation(dryRun: false))).Response.StatusCode);
        Assert.False(await HoldsAsync(server, token[^43..]));
        Assert.False(await HoldsAsync(server, Convert.ToHexStringLower(Encoding.ASCII.GetBytes(token[^43..]))));
        Assert.True(await HoldsAsync(server, token.Split('_')[1]));
    }

    internal static string Recalculation(bool dryRun, string centre = "service-hall", string? by = null, string until = "2026-03-10T00:00:00Z") => new JsonObject
    {
        ["centre"] = centre,
        ["from"] = "2026-03-01T00:00:00Z",
        ["until"] = until,
        ["reason"] = "a holiday was entered wrongly",
        ["dryRun"] = dryRun,
        ["by"] = by,
    }.ToJsonString();

    internal static string Without(string body, string field)
    {
        if (!body.StartsWith('{') || JsonNode.Parse(body) is not JsonObject json)
            return body;
        json.Remove(field);
        return json.ToJsonString();
    }

    /// <summary>True when any column of any table has it in its text.</summary>
    internal static async Task<bool> HoldsAsync(TestServer server, string text)
    {
        var tables = new List<string>();
        await using (var select = server.Database.DataSource.CreateCommand("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('sla', 'public')"))
        await using (var reader = await select.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                tables.Add(reader.GetString(0));
        }

        foreach (var table in tables)
        {
            await using var search = server.Database.DataSource.CreateCommand($"SELECT EXISTS (SELECT 1 FROM {table} t WHERE strpos(t::text, $1) > 0)");
            search.Parameters.Add(new() { Value = text });
            if (await search.ExecuteScalarAsync() is true)
                return true;
        }

        return false;
    }

    private static string Basic(string user, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    /// <summary>The same token with another secret.</summary>
    private static string Altered(string token) => token[..^2] + (token[^2] == 'A' ? 'B' : 'A') + token[^1];

    private static async Task<HttpStatusCode> StatusAsync(TestServer server, string? authorization) =>
        (await server.SendAsync(HttpMethod.Get, "/compliance?centre=service-hall", authorization)).Response.StatusCode;

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(TestServer server, string token, JsonObject sent)
    {
        var (response, body) = await server.SendAsync(HttpMethod.Post, "/events", $"Bearer {token}", sent.ToJsonString(), "application/cloudevents+json");
        return (response.StatusCode, body);
    }

    private static string Fault(string problem)
    {
        var error = Assert.Single(JsonNode.Parse(problem)!["errors"]!.AsArray())!;
        return $"{error["field"]} {error["reason"]}";
    }

    private static async Task ExecuteAsync(TestServer server, string sql)
    {
        await using var command = server.Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
