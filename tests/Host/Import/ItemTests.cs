using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Tests.Host.Import;

/// <summary>Records inside records, and streams that are no cases.</summary>
public class ItemTests
{
    private const string Items = """
        format: ndjson
        centre: desk
        source: status
        stream: outage
        case: "gh-{id}-{item.name|word}"
        each: parts
        events:
          - type: outage_started
            at: from
            id: started
            data: { service: { text: "x-{item.name|word}" }, lost: { from: item.lost, as: number }, impact: { from: impact } }
          - type: outage_restored
            at: item.until
            id: "restored/{item.until|time}"

        """;

    private const string Line = """{"id":7,"from":"2026-03-02T09:00:00Z","impact":"minor","parts":[{"name":"API Requests","lost":0.5,"until":"2026-03-02T12:00:00.1234567+01:00"},{"name":"Git"}]}""";

    [Fact]
    public void Each_item_of_a_list_is_a_record_in_which_item_is_the_item_and_other_names_are_the_documents()
    {
        var (events, rejects) = MappedText.Map(Items, Line);
        Assert.Equal(
            [
                """outage_started 2026-03-02T09:00:00Z outage/gh-7-api-requests/started {"service":"x-api-requests","lost":0.5,"impact":"minor"}""",
                "outage_restored 2026-03-02T11:00:00.123456Z outage/gh-7-api-requests/restored/20260302T110000.123456Z {}",
                """outage_started 2026-03-02T09:00:00Z outage/gh-7-git/started {"service":"x-git","impact":"minor"}""",
            ], events);
        Assert.Empty(rejects);
    }

    [Theory]
    [InlineData("""{"id":7,"from":"2026-03-02T09:00:00Z","impact":"minor"}""", 0, "")]
    [InlineData("""{"id":7,"parts":null}""", 0, "")]
    [InlineData("""{"id":7,"parts":[]}""", 0, "")]
    [InlineData("""{"id":7,"parts":"Git"}""", 0, "1|parts|(value)|is not a list")]
    [InlineData("""{"id":7,"parts":{"name":"Git"}}""", 0, "1|parts|(value)|is not a list")]
    [InlineData("""{"id":7,"from":"2026-03-02T09:00:00Z","parts":["Git",{"name":"Git"}]}""", 1, "1|id, item.name|subject|is missing, or cannot be written as the mapping asks; give the record its outage")]
    [InlineData("""{"id":7,"from":"2026-03-02T09:00:00Z","parts":[{"name":"--"}]}""", 0, "1|id, item.name|subject|is missing, or cannot be written")]
    [InlineData("""{"id":7,"from":"2026-03-02T09:00:00Z","parts":[{"name":"Git","until":"now"}]}""", 1, "1|item.until|time|is not a time")]
    [InlineData("""{"id":7,"from":"2026-03-02T09:00:00Z","parts":[{"\ud800":1,"name":"Git"}]}""", 0, "1|item.lost|(value)|stands beside a name that is not valid text")]
    public void A_list_that_is_not_there_makes_no_record_and_a_faulty_item_is_rejected_by_itself(string line, int events, string reject)
    {
        var (read, rejects) = MappedText.Map(Items, line);
        Assert.Equal(events, read.Count);
        Assert.StartsWith(reject, string.Join("\n", rejects), StringComparison.Ordinal);
        Assert.Equal(reject.Length > 0, rejects.Count > 0);
    }

    [Fact]
    public void An_item_may_be_a_plain_value_and_a_field_of_the_document_named_item_is_quoted()
    {
        var mapping = Items.Replace("item.name|word", "item|word", StringComparison.Ordinal).Replace("{ from: item.lost, as: number }", "{ from: '[\"item\"]', as: number }", StringComparison.Ordinal);
        var (events, rejects) = MappedText.Map(mapping, """{"id":7,"from":"2026-03-02T09:00:00Z","item":0.25,"parts":["Pull Requests"]}""");
        Assert.Empty(rejects);
        Assert.Contains("gh-7-pull-requests/started", Assert.Single(events), StringComparison.Ordinal);
        Assert.Contains("\"lost\":0.25", events[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10:00,web,down\n10:01,web,down\n10:02,web,up\n10:03,web,down\n10:04,web,up", "watched/web@10:00 outage/web@10:00 outage/web@10:02 outage/web@10:03 outage/web@10:04")]
    [InlineData("10:00,web,up\n10:00,mail,up\n10:01,web,down\n10:01,mail,up\n10:02,web,up", "watched/web@10:00 watched/mail@10:00 outage/web@10:01 outage/web@10:02")]
    [InlineData("10:00,web,up\n10:01,web,unknown\n10:02,web,up", "watched/web@10:00")]
    public void A_rule_may_speak_of_another_stream_and_number_than_the_mapping(string rows, string told)
    {
        var (events, rejects) = MappedText.Map("""
            format: csv
            centre: desk
            source: probes
            stream: outage
            case: "{service}"
            zone: Etc/UTC
            times: ["uuuu-MM-dd'T'HH:mm"]
            events:
              - { type: monitoring_started, stream: service, case: "{service}", at: time, id: "watched", data: { by: { value: probe } } }
              - { type: outage_started, each: row, at: time, id: "{time}", when: { state: { becomes: [down] } }, data: { service: { from: service } } }
              - { type: outage_restored, each: row, at: time, id: "{time}", when: { state: { leaves: [down], becomes: [up] } } }
            """, "time,service,state\n" + string.Concat(rows.Split('\n').Select(r => $"2026-03-02T{r}\n")));
        Assert.Empty(rejects);
        Assert.Equal(told, string.Join(' ', events.Select(e => e.Split(' ')).Select(e => $"{(e[0] == "monitoring_started" ? "watched" : "outage")}/{e[2].Split('/')[1]}@{e[1][11..16]}")));
    }

    [Theory]
    [InlineData("{ a: x }", "1")]
    [InlineData("[{ a: x }, { b: y }]", "1 2")]
    [InlineData("[{ a: x, b: z }, { b: y }]", "2")]
    public void Records_of_which_no_set_of_conditions_holds_are_passed_over(string when, string taken)
    {
        var (events, _) = MappedText.Map($$"""
            {{MappedText.Csv}}when: {{when}}
            events:
              - { type: case_closed, at: at, id: closed, data: { by: { either: [{ from: a, map: { x: first } , otherwise: null }, { from: b }] } } }
            """, "case,at,a,b\n1,2026-03-02T09:00:00Z,x,q\n2,2026-03-02T09:00:00Z,w,y\n3,2026-03-02T09:00:00Z,w,\n");
        Assert.Equal(taken, string.Join(' ', events.Select(e => e.Split(' ')[2].Split('/')[0])));
        Assert.All(events, e => Assert.Contains(e.Contains(" 1/", StringComparison.Ordinal) ? "\"first\"" : "\"y\"", e, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stream: outage", "stream: outrage", "m.yaml:4:1: stream is not one of case, complaint, outage, maintenance, service")]
    [InlineData("stream: outage\n", "", "events[0].type is an event of outages, and these are cases; write stream: outage")]
    [InlineData("type: outage_restored", "type: monitoring_stopped", "events[1].type is an event of services, and these are outages; write stream: service")]
    [InlineData("type: outage_restored", "type: outage_mended", "events[1].type is not a known event; use one of case_received")]
    [InlineData("each: parts", "each: parts..name", "m.yaml:6:1: each is no path to a list")]
    [InlineData("format: ndjson", "format: csv", "each names a list inside a record, which only json and ndjson have")]
    [InlineData("each: parts", "each: parts\nsequence: row", "sequence orders the records of a file")]
    [InlineData("each: parts", "each: parts\nseries: \"gh-{id}\"", "series is for outages that a webhook tells of")]
    [InlineData("each: parts", "each: parts\nleftOut: more", "leftOut counts what a webhook left out")]
    [InlineData("each: parts", "each: parts\nwhen: { item.name: [] }", "when.item.name is empty")]
    [InlineData("each: parts", "each: parts\nwhen: [{ item.name: a }, b]", "when[1] must be an object")]
    [InlineData("{ from: impact }", "{ either: [{ from: impact }, impact] }", "events[0].data.impact.either[1] does not say where its value comes from")]
    public void Words_for_lists_and_streams_are_checked(string right, string wrong, string reason)
    {
        Assert.Contains(right, Items, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Throws<ImportFileException>(() => MappedText.Read(Items.Replace(right, wrong, StringComparison.Ordinal))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gh-{id}", "series is not what case begins with")]
    [InlineData("gh-{id}-{from|time}", "")]
    [InlineData("gh-{id}-{from}", "series is not what case begins with")]
    [InlineData("gx-{id}-{from|time}", "series is not what case begins with")]
    public void Outages_of_one_series_are_numbered_by_it_and_the_time_they_began(string number, string reason)
    {
        var mapping = Items.Replace("ndjson", "json", StringComparison.Ordinal).Replace("gh-{id}-{item.name|word}", number, StringComparison.Ordinal).Replace("each: parts", "each: parts\nseries: \"gh-{id}\"\nleftOut: more", StringComparison.Ordinal);
        if (reason.Length == 0)
            Assert.NotNull(MappedText.Read(mapping).Mapping.Series);
        else
            Assert.Contains(reason, Assert.Throws<ImportFileException>(() => MappedText.Read(mapping)).Message, StringComparison.Ordinal);
    }
}
