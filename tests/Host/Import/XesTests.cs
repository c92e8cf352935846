using System.Text;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Tests.Host.Import;

/// <summary>XES, well meant and not.</summary>
public class XesTests
{
    private const string Mapping = """
        format: xes
        centre: counter
        source: test/desk
        case: concept:name
        events:
          - { type: case_received, at: opened, id: received }
          - { type: case_accepted, at: time:timestamp, id: accepted, when: { concept:name: { not: A } } }
          - { type: case_stage_entered, each: event, at: time:timestamp, id: "{time:timestamp}", when: { concept:name: { changed: true } }, data: { stage: { from: concept:name } } }
        """;

    [Fact]
    public void A_trace_is_a_case_and_its_events_are_told_apart_from_it()
    {
        var (events, rejects) = MappedText.Map(Mapping, Log("""
            <trace>
              <string key="concept:name" value="1"><string key="nested" value="x"/></string>
              <date key="opened" value="2026-03-02T09:00:00Z"/>
              <list key="l"><values><string key="concept:name" value="no"/></values></list>
              <event><string key="concept:name" value="A"/><date key="time:timestamp" value="2026-03-02T10:00:00Z"/></event>
              <event><string key="concept:name" value="B"/><date key="time:timestamp" value="2026-03-02T11:00:00Z"/></event>
              <event><string key="concept:name" value="B"/><date key="time:timestamp" value="2026-03-02T12:00:00Z"/></event>
            </trace>
            <trace><string key="concept:name" value="2"/><date key="opened" value="2026-03-02T09:00:00Z"/></trace>
            <trace><event><string key="concept:name" value="B"/></event></trace>
            <trace/>
            """));
        Assert.Equal(
            [
                "case_received 2026-03-02T09:00:00Z 1/received {}",
                "case_accepted 2026-03-02T10:00:00Z 1/accepted {}",
                "case_stage_entered 2026-03-02T11:00:00Z 1/2026-03-02T11:00:00Z {\"stage\":\"B\"}",
                "case_received 2026-03-02T09:00:00Z 2/received {}",
            ], events);
        // The third trace has no name of its own, though its event has one.
        Assert.Equal(["12|concept:name|subject|is missing; give the record its case", "13|concept:name|subject|is missing; give the record its case"], rejects);
    }

    [Theory]
    [InlineData("<!DOCTYPE log [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><log><trace><string key=\"concept:name\" value=\"&x;\"/></trace></log>", "line 1: the file has a DTD")]
    [InlineData("<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><log/>", "line 1: the file has a DTD")]
    [InlineData("<log>\n<trace><string key=\"concept:name\" value=\"&x;\"/></trace></log>", "line 2, column ")]
    [InlineData("<log>\n<trace>\n<event>", "line 3, column ")]
    [InlineData("", "line ")]
    [InlineData("case,at\nA,2026", "line 1, column ")]
    [InlineData("<html/>", "the file is XML but no XES log")]
    [InlineData("<log><trace><![CDATA[x]]></trace></log>", "line 1 or below: a CDATA section")]
    public void A_file_that_is_no_sound_log_is_refused(string content, string reason) =>
        Assert.StartsWith(reason, Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, content)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_too_deep_too_many_or_too_large_is_refused_before_it_is_kept()
    {
        Refused(string.Concat(Enumerable.Repeat("<a>", 100)), "elements are nested deeper than 64");
        Refused("<trace>" + string.Concat(Enumerable.Range(0, 2000).Select(i => $"<string key=\"k{i}\" value=\"\"/>")), "has more than 1000 attributes");
        Refused($"<trace><string key=\"concept:name\" value=\"{new string('x', 2 << 20)}\"/></trace>", "a tag or text is larger than 1 MiB");
        Refused("<trace>" + string.Concat(Enumerable.Repeat("<event/>", 100_001)), "has more than 100000 events");
        var wide = Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, Encoding.Unicode.GetBytes("\ufeff" + Log(""))));
        Assert.Contains("write UTF-8", wide.Message, StringComparison.Ordinal);

        static void Refused(string inside, string reason) =>
            Assert.Contains(reason, Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, $"<log>\n{inside}")).Message, StringComparison.Ordinal);
    }

    private static string Log(string traces) => $"<?xml version=\"1.0\"?>\n<log xmlns=\"http://www.xes-standard.org/\">\n{traces}\n</log>";
}
