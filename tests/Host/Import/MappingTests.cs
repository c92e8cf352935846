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
        Assert.Matches(@"m\.yaml:13:7: events\[0\]\.data\.item gives 'moon-licence'.*, a code that is no item of the catalogue of service-hall", item.Message);
        var window = Assert.Throws<ImportFileException>(() => MappedText.Read(Sound.Replace("tags: { list: [{ from: a }] }", "window: { from: w, map: { a: W1, b: W99 } }", StringComparison.Ordinal)).CheckCodes(hall));
        Assert.Contains("events[0].data.window gives 'W99', a code that is no window", window.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_service_the_catalogue_does_not_have_is_told_before_anything_is_read()
    {
        var services = new CatalogueLog([CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "examples", "github-status.yaml")).Catalogue]);
        var mapping = File.ReadAllText(Path.Combine(CatalogueFiles.Folder, "mappings", "github-status.yaml"));
        MappedText.Read(mapping).CheckCodes(services);
        var unknown = mapping.Replace("value: github }, urgency", "either: [{ from: a }, { from: b, map: { c: github, d: githup } }] }, urgency", StringComparison.Ordinal);
        Assert.Contains("events[0].data.service gives 'githup' (nearest: github, ", Assert.Throws<ImportFileException>(() => MappedText.Read(unknown).CheckCodes(services)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_category_of_complaints_the_catalogue_does_not_have_is_told_before_anything_is_read()
    {
        var messages = new CatalogueLog([CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "examples", "citizen-messages.yaml")).Catalogue]);
        var mapping = File.ReadAllText(Path.Combine(CatalogueFiles.Folder, "mappings", "citizen-messages.yaml"));
        MappedText.Read(mapping).CheckCodes(messages);
        var refused = Assert.Throws<ImportFileException>(() => MappedText.Read(mapping.Replace("value: message }", "value: mesage }", StringComparison.Ordinal)).CheckCodes(messages));
        Assert.Contains("events[0].data.category gives 'mesage' (nearest: message, 群众留言, Message of a citizen), a code that is no category of complaints of the catalogue of citizen-messages", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clinic-license", "'clinic-license' (nearest: clinic-licence, 医疗机构执业登记, ")]
    [InlineData("食品经营", "'食品经营' (nearest: food-business-licence, 食品经营许可, ")]
    [InlineData("Passport of a citizen", "'Passport of a citizen' (nearest: passport, ")]
    [InlineData("xyzzy", "gives 'xyzzy', a code")]
    public void A_code_that_the_catalogue_does_not_have_is_named_with_the_nearest_one(string code, string told)
    {
        var hall = new CatalogueLog([CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml")).Catalogue]);
        var refused = Assert.Throws<ImportFileException>(() => MappedText.Read(Sound.Replace("clinic-licence", code, StringComparison.Ordinal)).CheckCodes(hall));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("centre: service-hall", "centre: FILL-IN", "m.yaml:2:1: centre still says FILL-IN; put the id of the catalogue's centre there")]
    [InlineData("case: case", "case: FILL-IN", "m.yaml:4:1: case still says FILL-IN; put the column with the case number there")]
    [InlineData("at: opened", "at: FILL-IN", "m.yaml:9:5: events[0].at still says FILL-IN; put the column with the event's time there")]
    [InlineData("id: received", "id: \"stage/FILL-IN\"", "events[0].id still says FILL-IN; put columns in braces that tell the records of a case apart there")]
    [InlineData("clinic-licence", "FILL-IN", "events[0].data.item.value still says FILL-IN; put the id of an item of the catalogue there")]
    [InlineData("state: New", "FILL-IN: New", "events[0].when still says FILL-IN; put the name of a column there")]
    public void What_a_suggestion_left_to_be_filled_in_is_a_fault_until_it_is(string right, string wrong, string reason) =>
        Assert.Contains(reason, Assert.Throws<ImportFileException>(() => MappedText.Read(Sound.Replace(right, wrong, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("at: opened", "at: [opened", "line 9, column 9 [ is not closed; write ] where its list ends")]
    [InlineData("{ web: 2 } }", "{ web: 2 }", "line 14, column 16 { is not closed; write } where its fields end")]
    [InlineData("id: received", "id: \"received", "line 10, column 9 \" opens a quote that is not closed")]
    [InlineData("    at: opened", "\tat: opened", "line 9, column 1 is indented with a tab; indent with spaces")]
    [InlineData("source: test/desk", "source: test: desk", "line 3, column 13 is a field where none can be; put a text with a colon in quotes")]
    [InlineData("source: test/desk", "source: @desk", "line 3, column 9 begins with a sign that no text may begin with")]
    [InlineData("source: test/desk", "centre: test/desk", "line 3, column 1 the field stands there twice")]
    public void A_slip_in_YAML_is_told_in_words_and_where_it_was_made(string right, string wrong, string reason)
    {
        var refused = Assert.Throws<ImportFileException>(() => MappedText.Read(Sound.Replace(right, wrong, StringComparison.Ordinal))).Message;
        Assert.Contains(reason, refused, StringComparison.Ordinal);
        Assert.DoesNotContain("current state of the object", refused, StringComparison.Ordinal);
    }
}
