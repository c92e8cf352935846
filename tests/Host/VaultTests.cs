using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SlaMonitor.EventStore;
using SlaMonitor.Host.Access;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest;
using SlaMonitor.Host.Vault;

namespace SlaMonitor.Tests.Host;

/// <summary>What events tell of people is sealed at the door, opened for a recorded purpose, and erased for good.</summary>
public class VaultTests
{
    private const string Asked = $"centre={PlantedPerson.Centre}&purpose=reply&reader=supervision";
    private const string Stored = "SELECT coalesce(string_agg(data::text, ' ' ORDER BY seq_id), '') FROM mt_events";

    [Fact]
    public async Task What_is_personal_is_stored_sealed_and_comes_back_to_who_says_what_for_which_is_recorded()
    {
        await using var server = await StartAsync();
        var data = PlantedPerson.Fields(("to", "bureau"));
        var rating = new JsonObject { ["score"] = 5, ["text"] = PlantedPerson.Name };
        await TakenAsync(server, 3, PlantedPerson.Registered("A-1"), PlantedPerson.Event("complaint_transferred", "complaint/A-1", data, minute: 5), PlantedPerson.Event("case_rated", "case/C-1", rating));
        var log = await server.ScalarAsync<string>(Stored);
        Assert.Null(PlantedPerson.FindIn(log));
        Assert.Contains(PlantedPerson.Control, log, StringComparison.Ordinal);
        Assert.Equal(3, await server.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE data->'data' ? 'sealed'"));

        var (status, read) = await server.GetAsync($"/complaints/A-1/person?{Asked}");
        Assert.Equal(200, status);
        Assert.Equal(["complaint_registered", "complaint_transferred"], read!["events"]!.AsArray().Select(e => (string)e!["type"]!));
        foreach (var e in read["events"]!.AsArray())
            Assert.True(JsonNode.DeepEquals(PlantedPerson.Fields(), e!["fields"]), e["fields"]!.ToJsonString());
        Assert.Equal(PlantedPerson.Name, (string)(await server.GetAsync($"/cases/C-1/person?{Asked}")).Body!["events"]![0]!["fields"]!["text"]!);
        var readings = (await server.GetAsync($"/complaints/A-1/readings?centre={PlantedPerson.Centre}")).Body!["readings"]!.AsArray();
        Assert.Equal(("read", "supervision", "reply"), ((string)readings.Single()!["what"]!, (string)readings[0]!["by"]!, (string)readings[0]!["purpose"]!));
    }

    [Theory]
    [InlineData("purpose=reply", "reader is missing or blank")]
    [InlineData("reader=me", "purpose is missing or blank")]
    [InlineData("reader=me&purpose=%20", "purpose is missing or blank")]
    [InlineData("reader=me&purpose=%E2%80%8B", "purpose has control or invisible characters in it")]
    [InlineData("reader=%E2%80%AEem&purpose=reply", "reader has control or invisible characters in it")]
    public async Task Nothing_is_told_to_who_does_not_say_who_reads_and_what_for(string query, string reason)
    {
        await using var server = await StartAsync();
        await TakenAsync(server, 1, PlantedPerson.Registered("A-1"));
        var (status, problem) = await server.GetAsync($"/complaints/A-1/person?centre={PlantedPerson.Centre}&{query}");
        Assert.Equal(400, status);
        Assert.StartsWith(reason, (string)problem!["detail"]!, StringComparison.Ordinal);
        Assert.Empty((await server.GetAsync($"/complaints/A-1/readings?centre={PlantedPerson.Centre}")).Body!["readings"]!.AsArray());
    }

    [Fact]
    public async Task A_token_reads_under_its_own_name_and_no_answer_is_kept_by_whoever_carries_it()
    {
        await using var server = await TestServer.StartGuardedAsync();
        await CataloguePublishing.PublishAsync(server.Database.DataSource, CatalogueFiles.ReadAll(PlantedPerson.Catalogues()), default);
        var ((_, ingest), (reader, text)) = (await server.TokenAsync(Roles.Ingest), await server.TokenAsync(Roles.PersonalData, name: "desk 7"));
        await server.SendAsync(HttpMethod.Post, "/events", $"Bearer {ingest}", PlantedPerson.Registered("A-1").ToJsonString(), "application/cloudevents+json");
        Assert.Equal(400, (int)(await server.SendAsync(HttpMethod.Get, $"/complaints/A-1/person?{Asked}", $"Bearer {text}")).Response.StatusCode);
        var (response, _) = await server.SendAsync(HttpMethod.Get, $"/complaints/A-1/person?centre={PlantedPerson.Centre}&purpose=reply", $"Bearer {text}");
        Assert.True(response.IsSuccessStatusCode && response.Headers.CacheControl!.NoStore);
        var (_, body) = await server.SendAsync(HttpMethod.Get, $"/complaints/A-1/readings?centre={PlantedPerson.Centre}", $"Bearer {text}");
        Assert.Equal(("desk 7", reader.Id), ((string)JsonNode.Parse(body)!["readings"]![0]!["by"]!, (string)JsonNode.Parse(body)!["readings"]![0]!["token"]!));
    }

    [Fact]
    public async Task An_event_that_is_sent_again_is_recognised_however_it_is_written_and_one_with_other_words_is_not_it()
    {
        await using var server = await StartAsync();
        var first = PlantedPerson.Event("complaint_closed", "complaint/A-1", new JsonObject { ["text"] = PlantedPerson.Name, ["phone"] = JsonNode.Parse("1500") }, "1");
        await TakenAsync(server, 1, first);
        var (_, again) = await server.PostAsync(PlantedPerson.Event("complaint_closed", "complaint/A-1", new JsonObject { ["phone"] = JsonNode.Parse("1.5e3"), ["text"] = PlantedPerson.Name }, "1"));
        Assert.Equal((0L, 1L), ((long)again!["appended"]!, (long)again["duplicates"]!));
        Assert.Equal(409, (await server.PostAsync(PlantedPerson.Event("complaint_closed", "complaint/A-1", new JsonObject { ["phone"] = 1500, ["text"] = "other" }, "1"))).Status);
        Assert.Equal(409, (await server.PostAsync(PlantedPerson.Event("complaint_closed", "complaint/A-1", [], "1"))).Status);
    }

    [Fact]
    public async Task What_is_as_deep_as_an_event_may_be_is_read_like_any_other()
    {
        await using var server = await StartAsync();
        // Two levels are the event's own.
        var deep = string.Concat(Enumerable.Repeat("{\"in\":", 61)) + "{}" + new string('}', 61);
        await TakenAsync(server, 1, PlantedPerson.Event("complaint_closed", "complaint/A-1", new JsonObject { ["form"] = JsonNode.Parse(deep) }));
        Assert.Contains($"{{\"form\":{deep}}}", await server.Client.GetStringAsync($"/complaints/A-1/person?{Asked}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sends_what_looks_as_if_it_had_been_sealed_here()
    {
        await using var server = await StartAsync();
        foreach (var (type, subject) in new[] { ("complaint_closed", "complaint/A-1"), ("case_rated", "case/C-1") })
        {
            var (status, problem) = await server.PostAsync(PlantedPerson.Event(type, subject, new JsonObject { ["score"] = 1, ["sealed"] = "AAAA" }));
            Assert.Equal((400, "data.sealed"), (status, (string)problem!["errors"]![0]!["field"]!));
        }
    }

    [Fact]
    public async Task After_an_erasure_nothing_opens_nothing_personal_is_added_and_every_count_is_as_before()
    {
        await using var server = await StartAsync();
        await TakenAsync(server, 2, PlantedPerson.Registered("A-1", "1"), PlantedPerson.Registered("A-2", "2"));
        var (before, metrics) = (await CountsAsync(server), (await server.GetAsync("/anomalies?centre=" + PlantedPerson.Centre)).Body!.ToJsonString());
        await ErasedAsync(server, "A-1", false);
        await ErasedAsync(server, "A-1", true);
        Assert.Equal((before, metrics), (await CountsAsync(server), (await server.GetAsync("/anomalies?centre=" + PlantedPerson.Centre)).Body!.ToJsonString()));
        var (status, problem) = await server.GetAsync($"/complaints/A-1/person?{Asked}");
        Assert.Equal((410, "Erased"), (status, (string)problem!["title"]!));
        Assert.Contains("by records", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Equal(200, (await server.GetAsync($"/complaints/A-2/person?{Asked}")).Status);
        Assert.Equal(["erased"], (await server.GetAsync($"/complaints/A-1/readings?centre={PlantedPerson.Centre}")).Body!["readings"]!.AsArray().Select(r => (string)r!["what"]!));

        var late = PlantedPerson.Event("complaint_closed", "complaint/A-1", PlantedPerson.Fields(), "3", minute: 9);
        foreach (var (sent, appended) in new[] { (PlantedPerson.Registered("A-1", "1"), 0), (late.DeepClone().AsObject(), 1), (late, 0) })
            await TakenAsync(server, appended, sent);
        Assert.Equal(0, await server.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'complaint_closed' AND data->'data' ? 'sealed'"));
        Assert.Equal("vault/complaint/A-1", await server.ScalarAsync<string>("SELECT string_agg(DISTINCT stream_id, ',') FROM mt_events WHERE type = 'vault_erased'"));
    }

    [Fact]
    public async Task Without_a_key_file_what_is_personal_is_refused_and_all_else_goes_on()
    {
        await using var server = await StartAsync("");
        var (status, problem) = await server.PostAsync(PlantedPerson.Event("case_received", "case/1", new JsonObject { ["item"] = "licence" }), PlantedPerson.Registered("A-1"));
        Assert.Equal(503, status);
        Assert.Contains("name a key file with SLA_VAULT_KEYS or --vault-keys", (string)problem!["detail"]!, StringComparison.Ordinal);
        Assert.Null(PlantedPerson.FindIn(problem.ToJsonString()));
        Assert.Equal(0, await server.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE tenant_id = 'vault-hall' AND type LIKE 'c%\\_r%'"));
        await TakenAsync(server, 2, PlantedPerson.Event("case_received", "case/1", new JsonObject { ["item"] = "licence" }), PlantedPerson.Event("complaint_closed", "complaint/A-1", []));
    }

    [Fact]
    public async Task A_key_that_is_not_here_is_named_with_the_remedy_and_nothing_is_stored_until_it_is_back()
    {
        var (path, mine, other) = (Path.Combine(TestFolders.New(), "keys"), KeyRing.NewLine(), KeyRing.NewLine());
        await File.WriteAllTextAsync(path, mine);
        await using var server = await StartAsync(path);
        await TakenAsync(server, 1, PlantedPerson.Registered("A-1"));
        var kek = await server.ScalarAsync<string>("SELECT kek FROM vault.key");
        await File.WriteAllTextAsync(path, other);
        foreach (var (status, problem) in new[] { await server.PostAsync(PlantedPerson.Event("complaint_closed", "complaint/A-1", PlantedPerson.Fields())), await server.GetAsync($"/complaints/A-1/person?{Asked}") })
        {
            Assert.Equal(503, status);
            Assert.Contains($"the key {kek} is not in {path}", (string)problem!["detail"]!, StringComparison.Ordinal);
            Assert.DoesNotContain(other, problem.ToJsonString(), StringComparison.Ordinal);
        }

        await TakenAsync(server, 1, PlantedPerson.Registered("A-2"));
        Assert.Empty((await server.GetAsync($"/complaints/A-1/readings?centre={PlantedPerson.Centre}")).Body!["readings"]!.AsArray());
        // First the new one, then the old: both complaints are read, and what is sent again is known.
        await File.WriteAllTextAsync(path, $"{other}\n{mine}\n");
        Assert.Equal((200, 200), ((await server.GetAsync($"/complaints/A-1/person?{Asked}")).Status, (await server.GetAsync($"/complaints/A-2/person?{Asked}")).Status));
        var rotated = await new KeyRotation(server.Database.DataSource, server.Services.GetRequiredService<KeyTable>()).RunAsync(default);
        Assert.Equal(1, rotated.Rewrapped);
        await File.WriteAllTextAsync(path, other);
        await TakenAsync(server, 0, PlantedPerson.Registered("A-1"), PlantedPerson.Registered("A-2"));
        Assert.Equal(200, (await server.GetAsync($"/complaints/A-1/person?{Asked}")).Status);
    }

    [Theory]
    [InlineData("UPDATE mt_events SET data = jsonb_set(data, '{data,sealed}', (SELECT data->'data'->'sealed' FROM mt_events WHERE stream_id = 'complaint/A-1' AND version = 2)) WHERE stream_id = 'complaint/A-1' AND version = 1", "Event ")]
    [InlineData("UPDATE mt_events SET data = jsonb_set(data, '{data,sealed}', to_jsonb(overlay(data->'data'->>'sealed' placing 'AAAA' from 40))) WHERE stream_id = 'complaint/A-1'", "Event ")]
    [InlineData("UPDATE mt_events SET data = jsonb_set(data, '{data,sealed}', '\"nonsense\"') WHERE stream_id = 'complaint/A-1'", "Event ")]
    [InlineData("UPDATE vault.key SET wrapped = set_byte(wrapped, 20, (get_byte(wrapped, 20) + 1) % 256) WHERE stream_id = 'complaint/A-1'", "the key of complaint/A-1 was changed")]
    [InlineData("UPDATE vault.key SET wrapped = (SELECT wrapped FROM vault.key WHERE stream_id = 'complaint/A-2') WHERE stream_id = 'complaint/A-1'", "the key of complaint/A-1 was changed")]
    [InlineData("DELETE FROM vault.key WHERE stream_id = 'complaint/A-1'", "Event ")]
    public async Task What_was_changed_in_the_database_is_said_and_takes_nothing_else_with_it(string change, string told)
    {
        await using var server = await StartAsync();
        await TakenAsync(server, 3, PlantedPerson.Registered("A-1"), PlantedPerson.Event("complaint_closed", "complaint/A-1", PlantedPerson.Fields(), minute: 7), PlantedPerson.Registered("A-2"));
        await using (var command = server.Database.DataSource.CreateCommand(change))
            Assert.True(await command.ExecuteNonQueryAsync() > 0);
        var (status, problem) = await server.GetAsync($"/complaints/A-1/person?{Asked}");
        Assert.Equal(500, status);
        Assert.StartsWith(told, (string)problem!["detail"]!, StringComparison.Ordinal);
        Assert.Contains("backup", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Equal(200, (await server.GetAsync($"/complaints/A-2/person?{Asked}")).Status);
    }

    [Fact]
    public async Task Hosts_that_take_the_first_events_of_a_stream_at_once_seal_them_by_one_key_also_when_one_ends_before_it_has_stored_any()
    {
        await using var server = await StartAsync();
        var keys = new KeyFile(Path.Combine(TestFolders.New(), KeyFile.DefaultName), mayMake: true);
        EventToAppend[] events = [.. Enumerable.Range(0, 20).Select(i => ToAppend($"complaint/{i % 5}", i))];
        var sealedBy = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => new EventSealing(server.Database.DataSource, new KeyTable(server.Database.DataSource, keys)).SealAsync("vault-hall", events, default))));
        Assert.All(sealedBy, s => Assert.Equal(sealedBy[0].Select(e => Convert.ToHexString(e.Data.Span)), s.Select(e => Convert.ToHexString(e.Data.Span))));
        Assert.Equal((5L, 0L), (await server.ScalarAsync<long>("SELECT count(*) FROM vault.key"), await server.ScalarAsync<long>("SELECT count(*) FROM mt_events WHERE type = 'complaint_closed'")));
        var log = new EventLog(server.Database.DataSource);
        Assert.Equal(20, (await log.AppendAsync("vault-hall", sealedBy[1])).Appended);
        Assert.Equal(20, (await log.AppendAsync("vault-hall", sealedBy[7])).Duplicates);
    }

    [Fact]
    public async Task A_key_file_that_is_gone_is_not_made_anew_over_what_it_had_sealed()
    {
        var path = Path.Combine(TestFolders.New(), KeyFile.DefaultName);
        await using var server = await StartAsync();
        var sealing = new EventSealing(server.Database.DataSource, new KeyTable(server.Database.DataSource, new KeyFile(path, mayMake: true)));
        await sealing.SealAsync("vault-hall", [ToAppend("complaint/1", 1)], default);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.Move(path, path + ".kept");
        var gone = await Assert.ThrowsAsync<VaultClosedException>(() => sealing.SealAsync("vault-hall", [ToAppend("complaint/2", 2)], default));
        Assert.Contains("put it back from its copy", gone.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    private static EventToAppend ToAppend(string stream, int i)
    {
        using var data = System.Text.Json.JsonDocument.Parse(PlantedPerson.Fields().ToJsonString());
        return EventCheck.ToAppend("vault-hall", new SlaMonitor.Domain.ReportedEvent("complaint_closed", stream, "test", i.ToString(CultureInfo.InvariantCulture), NodaTime.Instant.FromUtc(2026, 3, 17, 2, 0), null, data.RootElement.Clone()));
    }

    private static async Task<TestServer> StartAsync(string? keys = null)
    {
        var server = keys is null ? await TestServer.StartAsync() : await TestServer.StartAsync(settings: ("VAULT_KEYS", keys));
        await CataloguePublishing.PublishAsync(server.Database.DataSource, CatalogueFiles.ReadAll(PlantedPerson.Catalogues()), default);
        return server;
    }

    private static async Task TakenAsync(TestServer server, int appended, params JsonObject[] events)
    {
        var (status, body) = await server.PostAsync(events);
        Assert.True(status == 200, body?.ToJsonString());
        Assert.Equal((appended, events.Length - appended), ((int)body!["appended"]!, (int)body["duplicates"]!));
    }

    private static async Task ErasedAsync(TestServer server, string complaint, bool before)
    {
        var (status, answer) = await server.PostAsync($$"""{"centre":"{{PlantedPerson.Centre}}","reason":"asked for","by":"records"}""", "application/json", $"/complaints/{complaint}/erase");
        Assert.Equal((200, before, "records"), (status, (bool)answer!["before"]!, (string)answer["by"]!));
    }

    private static Task<string> CountsAsync(TestServer server) =>
        server.ScalarAsync<string>("SELECT string_agg(c, ',') FROM (SELECT type || ' ' || count(*) AS c FROM mt_events WHERE type NOT LIKE 'vault%' GROUP BY type ORDER BY type) AS t");
}
