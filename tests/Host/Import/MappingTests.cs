using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Tests.Host.Import;

/// <summary>Mappings that cannot be used, and where they say why.</summary>
public class MappingTests
{
    private const string Sound = """
        format: csv
        centre: service-hall
        source: test/desk
        case: case
        zone: Asia/Shanghai
        times: ["d/M/uuuu HH:mm"]
        events:
          - type: case_received
            at: opened
            id: received
            when: { state: New }
            data:
              item: { value: clinic-licence }
              channel: { from: channel, map: { web: 2 } }
              tags: { list: [{ from: a }] }
        """;

    [Theory]
    [InlineData("format: csv", "format: cvs", "m.yaml:1:1: format is not one of csv, xes, xlsx, ndjson, json")]
    [InlineData("source: test/desk\n", "", "m.yaml:1:1: source is missing")]
    [InlineData("centre:", "center:", "center is not a field here")]
    [InlineData("zone: Asia/Shanghai", "zone: Asia/Shangri-La", "m.yaml:5:1: zone is not a zone of the tz database")]
    [InlineData("zone: Asia/Shanghai\n", "", "events[0].at is read by wall-clock time, for which zone is missing")]
    [InlineData("d/M/uuuu HH:mm", "dd/qq", "m.yaml:6:9: times[0] is not a pattern")]
    [InlineData("type: case_received", "type: case_eaten", "m.yaml:8:5: events[0].type is not a known event")]
    [InlineData("id: received", "id: \"{received\"", "events[0].id has a brace that is not closed")]
    [InlineData("id: received", "each: day\n    id: received", "events[0].each is not one of case, event, row")]
    [InlineData("state: New", "state: { became: New }", "events[0].when.state.became is not a field here")]
    [InlineData("state: New", "state: {}", "events[0].when.state asks nothing")]
    [InlineData("state: New", "state: []", "events[0].when.state is empty")]
    [InlineData("state: New", "state: { present: perhaps }", "events[0].when.state.present is not true or false")]
    [InlineData("{ value: clinic-licence }", "clinic-licence", "m.yaml:13:7: events[0].data.item does not say where its value comes from")]
    [InlineData("{ value: clinic-licence }", "{ value: x, from: y }", "events[0].data.item has value and from; give one of them")]
    [InlineData("{ value: clinic-licence }", "{}", "events[0].data.item is empty")]
    [InlineData("map: { web: 2 }", "map: { web: 2 }, as: number", "events[0].data.channel.as goes without map")]
    [InlineData("map: { web: 2 }", "otherwise: 2", "events[0].data.channel.otherwise goes with map")]
    [InlineData("map: { web: 2 }", "as: hour", "events[0].data.channel.as is not one of text, time, date, number, integer, boolean")]
    [InlineData("map: { web: 2 }", "zone: UTC", "events[0].data.channel.as is missing; zone and times go with")]
    [InlineData("[{ from: a }]", "[{ from: a, of: b }]", "events[0].data.tags.list[0].of is not a field here")]
    [InlineData("at: opened", "at: { zone: UTC }", "events[0].at.from is missing")]
    [InlineData("at: opened", "at: { from: a, first: [b] }", "events[0].at.from is missing, or first stands beside it")]
    [InlineData("zone: Asia/Shanghai", "csv: { encoding: klingon }\nzone: Asia/Shanghai", "m.yaml:5:8: csv.encoding is not a known encoding")]
    [InlineData("zone: Asia/Shanghai", "csv: { delimiter: \";;\" }\nzone: Asia/Shanghai", "csv.delimiter is not one character")]
    [InlineData("zone: Asia/Shanghai", "xlsx: { sheet: a }\nzone: Asia/Shanghai", "xlsx belongs to another format")]
    [InlineData("zone: Asia/Shanghai", "sequence: column\nzone: Asia/Shanghai", "sequence is not one of row")]
    [InlineData("format: csv", "format: ndjson", "")]
    [InlineData("state: New", "state: { becomes: New }", "")]
    public void A_mapping_that_cannot_be_used_is_refused_with_place_and_remedy(string right, string wrong, string reason)
    {
        Assert.Contains(right, Sound, StringComparison.Ordinal);
        var changed = Sound.Replace(right, wrong, StringComparison.Ordinal);
        if (reason.Length == 0)
            Assert.NotNull(MappedText.Read(changed));
        else
            Assert.Contains(reason, Assert.Throws<ImportFileException>(() => MappedText.Read(changed)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state: New", "state: { becomes: New }", "asks for the record before")]
    [InlineData("{ from: a }", "{ before: a }", "asks for the record before")]
    [InlineData("source:", "sequence: row\nsource:", "a single document has no order")]
    [InlineData("at: opened", "at: opened..at", "is no path into a document")]
    [InlineData("at: opened", "at: \"opened[x]\"", "is no path into a document")]
    public void A_single_document_has_no_record_before(string right, string wrong, string reason)
    {
        var changed = Sound.Replace("format: csv", "format: json", StringComparison.Ordinal).Replace(right, wrong, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Throws<ImportFileException>(() => MappedText.Read(changed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once_in_the_order_of_the_file()
    {
        var broken = Sound.Replace("format: csv", "format: x", StringComparison.Ordinal).Replace("case_received", "case_eaten", StringComparison.Ordinal).Replace("{ from: a }", "{ form: a }", StringComparison.Ordinal);
        var lines = Assert.Throws<ImportFileException>(() => MappedText.Read(broken)).Message.Split(Environment.NewLine);
        Assert.Equal(["mapping m.yaml:1:1", "mapping m.yaml:8:5"], lines.Take(2).Select(l => l.Split(": ")[0]));
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public void A_code_of_the_mapping_that_the_catalogue_does_not_have_is_told_once_before_anything_is_read()
    {
        var hall = new CatalogueLog([CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml")).Catalogue]);
        MappedText.Read(Sound).CheckCodes(hall);
        var item = Assert.Throws<ImportFileException>(() => MappedText.Read(Sound.Replace("clinic-licence", "moon-licence", StringComparison.Ordinal)).CheckCodes(hall));
        Assert.Contains("m.yaml:13:7: events[0].data.item gives a code that is no item of the catalogue of service-hall", item.Message, StringComparison.Ordinal);
        var window = Assert.Throws<ImportFileException>(() => MappedText.Read(Sound.Replace("tags: { list: [{ from: a }] }", "window: { from: w, map: { a: W1, b: W99 } }", StringComparison.Ordinal)).CheckCodes(hall));
        Assert.Contains("events[0].data.window gives a code that is no window", window.Message, StringComparison.Ordinal);
    }
}
