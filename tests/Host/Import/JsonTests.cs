using System.Text.Json;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Tests.Host.Import;

/// <summary>Documents: a line each, or one from a webhook.</summary>
public class JsonTests
{
    private const string Rules = """
        centre: counter
        source: tracker
        case: issue.key
        events:
          - type: case_priority_changed
            each: event
            at: { from: timestamp, times: [unixMilliseconds] }
            id: "{changes[0].id}"
            when: { "changes[0].field": priority }
            data: { from: { from: 'changes[0].fromString' }, to: { from: 'changes[0].toString' }, reason: { from: 'issue.fields["custom.1"]' } }

        """;

    private const string Document = """{"timestamp":1772442000000,"issue":{"key":"T-1","fields":{"custom.1":true,"n":null}},"changes":[{"id":77,"field":"priority","fromString":"low","toString":"high"}]}""";

    [Theory]
    [InlineData(Document, "case_priority_changed 2026-03-02T09:00:00Z T-1/77 {\"from\":\"low\",\"to\":\"high\",\"reason\":\"true\"}", "")]
    [InlineData("{\"timestamp\":1772442000000,\"issue\":{\"key\":\"T-1\"},\"changes\":[]}", "", "")]
    [InlineData("{\"timestamp\":1772442000000,\"issue\":{\"key\":{}},\"changes\":[]}", "", "1|issue.key|(value)|is an object or a list")]
    [InlineData("{\"timestamp\":1}", "", "1|issue.key|subject|is missing")]
    [InlineData("[1]", "", "1||(line)|is JSON but no object")]
    [InlineData("{\"issue\":", "", "1||(line)|is not JSON: byte 10")]
    public void A_line_is_read_by_paths(string line, string events, string reject)
    {
        var (read, rejects) = MappedText.Map("format: ndjson\n" + Rules, $"{line}\r\n\n  \n{Document}");
        Assert.Equal(events.Length == 0 ? 1 : 2, read.Count);
        if (events.Length > 0)
            Assert.Equal(events, read[0]);
        Assert.StartsWith(reject, string.Join("\n", rejects), StringComparison.Ordinal);
        Assert.Equal(reject.Length > 0, rejects.Count > 0);
    }

    [Fact]
    public void A_line_of_two_megabytes_is_refused_by_its_number()
    {
        var refused = Assert.Throws<ImportFileException>(() => MappedText.Map("format: ndjson\n" + Rules, $"{Document}\n{{\"a\":\"{new string('x', 2 << 20)}\"}}\n"));
        Assert.Equal("line 2: is larger than 1 MiB", refused.Message);
    }

    [Fact]
    public void A_mark_at_the_start_is_passed_over_and_the_last_line_may_end() =>
        Assert.Single(MappedText.Map("format: ndjson\n" + Rules, "\ufeff" + Document + "\n").Events);

    [Fact]
    public void A_webhook_maps_one_document_to_events_for_the_intake_or_to_faults()
    {
        var webhook = new WebhookMapping(MappedText.Read("format: json\n" + Rules).Mapping);
        using var sound = JsonDocument.Parse(Document);
        var item = Assert.Single(webhook.Map(sound));
        Assert.Equal(("counter", "T-1/77", "case/T-1"), (item.Event!.Centre, item.Id, item.Event.Reported.Stream));
        using var other = JsonDocument.Parse(Document.Replace("priority", "label", StringComparison.Ordinal));
        Assert.Empty(webhook.Map(other));
        using var broken = JsonDocument.Parse(Document.Replace("1772442000000", "\"soon\"", StringComparison.Ordinal));
        Assert.Equal("timestamp", Assert.Single(Assert.Single(webhook.Map(broken)).Faults).Field);
        Assert.Throws<ArgumentException>(() => new WebhookMapping(MappedText.Read("format: ndjson\n" + Rules).Mapping));
    }
}
