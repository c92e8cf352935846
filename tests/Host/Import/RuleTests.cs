namespace SlaMonitor.Tests.Host.Import;

/// <summary>What rules make of records.</summary>
public class RuleTests
{
    private const string Header = "case,n,at,state,who\n";

    private const string Rows = Header + """
        A,1,2026-03-02T09:00:00Z,New,
        B,1,2026-03-02T09:00:00Z,Awaiting,ann
        A,2,2026-03-02T10:00:00Z,Awaiting,ann
        A,3,2026-03-02T11:00:00Z,Awaiting,ben
        B,2,2026-03-02T12:00:00Z,New,
        A,4,2026-03-02T13:00:00Z,Closed,ben
        """;

    [Theory]
    [InlineData("state: Closed", "A/4")]
    [InlineData("state: [Closed, New]", "A/1 B/2 A/4")]
    [InlineData("n: 1", "A/1 B/1")]
    [InlineData("who: { present: true }", "B/1 A/2 A/3 A/4")]
    [InlineData("who: { present: false }", "A/1 B/2")]
    [InlineData("state: { not: Awaiting }", "A/1 B/2 A/4")]
    [InlineData("who: { not: [ann, ben] }", "A/1 B/2")]
    [InlineData("who: { changed: true }", "A/2 A/3 B/2")]
    [InlineData("who: { changed: false }", "A/1 B/1 A/4")]
    [InlineData("state: { becomes: [Awaiting] }", "B/1 A/2")]
    [InlineData("state: { leaves: Awaiting }", "B/2 A/4")]
    [InlineData("state: { becomes: [Awaiting, Closed] }", "B/1 A/2")]
    [InlineData("state: { leaves: [Awaiting], becomes: [Closed] }", "A/4")]
    [InlineData("state: Awaiting, who: ben", "A/3")]
    public void A_rule_is_met_by_records_for_which_all_its_conditions_hold(string when, string ids)
    {
        var mapping = $$"""
            {{MappedText.Csv}}events:
              - { type: case_closed, each: row, at: at, id: "{n}", when: { {{when}} } }
            """;
        var (events, rejects) = MappedText.Map(mapping, Rows);
        Assert.Equal(ids, string.Join(" ", events.Select(e => e.Split(' ')[2])));
        Assert.Empty(rejects);
    }

    [Fact]
    public void Once_a_case_is_the_first_record_that_meets_the_rule_and_has_a_time_wherever_its_cases_lie()
    {
        var (events, _) = MappedText.Map(MappedText.Csv + """
            events:
              - { type: case_received, at: at, id: received, data: { item: { value: permit } } }
              - { type: case_accepted, at: at, id: accepted, when: { who: { present: true } } }
            """, Rows);
        Assert.Equal(
            [
                """case_received 2026-03-02T09:00:00Z A/received {"item":"permit"}""",
                """case_received 2026-03-02T09:00:00Z B/received {"item":"permit"}""",
                "case_accepted 2026-03-02T09:00:00Z B/accepted {}",
                "case_accepted 2026-03-02T10:00:00Z A/accepted {}",
            ], events);
    }

    [Theory]
    [InlineData("{ value: desk }", "\"desk\"")]
    [InlineData("{ value: { workingDays: 5 } }", "{\"workingDays\":5}")]
    [InlineData("{ from: word }", "\"Internet\"")]
    [InlineData("{ from: none }", null)]
    [InlineData("{ from: dash }", null)]
    [InlineData("{ from: word, map: { Internet: 2 } }", "2")]
    [InlineData("{ from: word, map: { Desk: 1 }, otherwise: 9 }", "9")]
    [InlineData("{ from: word, map: { Desk: 1 }, otherwise: null }", null)]
    [InlineData("{ from: none, map: { Desk: 1 }, otherwise: 9 }", "9")]
    [InlineData("{ from: none, map: { Desk: 1 } }", null)]
    [InlineData("{ from: whole, as: number }", "12.50")]
    [InlineData("{ from: three, as: integer }", "3")]
    [InlineData("{ from: yes, as: boolean }", "true")]
    [InlineData("{ from: time, as: time }", "\"2026-03-02T01:00:00Z\"")]
    [InlineData("{ from: time, as: date }", "\"2026-03-02\"")]
    [InlineData("{ from: local, as: time, zone: Asia/Shanghai, times: [uuuu/M/d] }", "\"2026-03-01T16:00:00Z\"")]
    [InlineData("{ from: local, as: date, times: [uuuu/M/d] }", "\"2026-03-02\"")]
    [InlineData("{ first: [none, dash, word] }", "\"Internet\"")]
    [InlineData("{ first: [none, local], as: date, times: [uuuu/M/d] }", "\"2026-03-02\"")]
    [InlineData("{ text: \"ticket {three} by {word}\" }", "\"ticket 3 by Internet\"")]
    [InlineData("{ text: \"{{{three}}}\" }", "\"{3}\"")]
    [InlineData("{ text: \"ticket {none}\" }", null)]
    [InlineData("{ list: [{ from: word }, { from: none }, { value: x }] }", "[\"Internet\",\"x\"]")]
    [InlineData("{ list: [{ from: none }] }", null)]
    [InlineData("{ deadline: { from: time, as: time }, other: { from: none } }", "{\"deadline\":\"2026-03-02T01:00:00Z\"}")]
    [InlineData("{ deadline: { from: none, as: time } }", null)]
    public void A_field_takes_its_value_from_where_the_mapping_says(string field, string? value)
    {
        var (events, rejects) = MappedText.Map($$"""
            {{MappedText.Csv}}absent: ["-"]
            events:
              - type: case_closed
                each: row
                at: time
                id: closed
                data:
                  field: {{field}}
            """, "case,word,none,dash,whole,three,yes,time,local\nA,Internet,,-,12.50,3,TRUE,2026-03-02T09:00:00+08:00,2026/3/2\n");
        Assert.Empty(rejects);
        Assert.Equal(value is null ? "{}" : $"{{\"field\":{value}}}", Assert.Single(events).Split(' ', 4)[3]);
    }

    [Fact]
    public void The_value_before_is_that_of_the_record_before_of_the_same_case()
    {
        var (events, _) = MappedText.Map(MappedText.Csv + """
            events:
              - type: case_priority_changed
                each: row
                at: at
                id: "{n}"
                when: { state: { changed: true } }
                data: { from: { before: state, map: { New: low }, otherwise: high }, to: { from: state } }
            """, Rows);
        Assert.Equal(["A/2 {\"from\":\"low\",\"to\":\"Awaiting\"}", "B/2 {\"from\":\"high\",\"to\":\"New\"}", "A/4 {\"from\":\"high\",\"to\":\"Closed\"}"], events.Select(e => e.Split(' ', 3)[2]));
    }

    [Fact]
    public void Rows_of_one_instant_keep_their_order_within_the_case_whatever_other_cases_lie_between()
    {
        const string mapping = MappedText.Csv + "sequence: row\nevents:\n  - { type: case_closed, each: row, at: at, id: \"{n}\" }\n";
        var (events, _) = MappedText.Map(mapping, Rows);
        Assert.Equal(["A/1 #1", "B/1 #1", "A/2 #2", "A/3 #3", "B/2 #2", "A/4 #4"], events.Select(e => string.Join(' ', e.Split(' ')[2..4])));
        var grown = Rows.Replace("B,1,", "C,1,2026-03-02T08:00:00Z,New,\nB,1,", StringComparison.Ordinal) + "\nA,5,2026-03-02T13:00:00Z,New,";
        Assert.Equal(events, MappedText.Map(mapping, grown).Events.Where(e => !e.Contains("C/1", StringComparison.Ordinal) && !e.Contains("A/5", StringComparison.Ordinal)));
    }

    [Fact]
    public void Mending_a_row_that_was_rejected_leaves_the_numbers_of_those_behind_it()
    {
        const string mapping = MappedText.Csv + "sequence: row\nevents:\n  - { type: case_closed, each: row, at: at, id: \"{n}\" }\n";
        const string row = "A,2,2026-03-02T09:00:00Z,New,";
        var whole = Header + $"A,1,2026-03-02T08:00:00Z,New,\n{row}\nA,3,2026-03-02T10:00:00Z,New,\n";
        foreach (var broken in new[] { "A,2,2026-03-02T09:00:00Z,New,,more", "A,2", "A,2,2026-03-02T09:00:00Z,N\"ew," })
        {
            var (events, rejects) = MappedText.Map(mapping, whole.Replace(row, broken, StringComparison.Ordinal));
            Assert.Equal(["A/1 #1", "A/3 #3"], events.Select(e => string.Join(' ', e.Split(' ')[2..4])));
            Assert.StartsWith("3||(row)|", Assert.Single(rejects), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Everything_wrong_with_a_record_is_told_at_once_with_line_and_column_and_without_its_values()
    {
        var (events, rejects) = MappedText.Map(MappedText.Csv + """
            events:
              - type: case_received
                each: row
                at: at
                id: "{n}"
                data: { item: { from: state, map: { New: permit } }, given: { deadline: { from: who, as: time } }, amount: { from: who, as: number } }
            """, Header + "A,,yesterday,Secret,hidden\n,1,2026-03-02T09:00:00Z,New,\nB,1,2026-03-02T09:00:00Z,New,\n");
        Assert.Equal("case_received 2026-03-02T09:00:00Z B/1 {\"item\":\"permit\"}", Assert.Single(events));
        Assert.Equal(["2|at|time", "2|n|id", "2|state|data.item", "2|who|data.given.deadline", "2|who|data.amount", "3|case|subject"], rejects.Select(r => string.Join('|', r.Split('|')[..3])));
        Assert.DoesNotContain(rejects, r => r.Contains("yesterday", StringComparison.Ordinal) || r.Contains("Secret", StringComparison.Ordinal) || r.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public void A_case_number_may_be_composed_and_a_time_be_the_first_there_is()
    {
        var (events, _) = MappedText.Map("""
            format: csv
            centre: counter
            source: test/desk
            case: "BOS-{case}"
            events:
              - { type: case_closed, each: row, at: { first: [closed, resolved], zone: Europe/Paris, times: ["d.M.uuuu HH:mm"] }, id: closed }
            """, "case,closed,resolved\n1,,2.3.2026 10:00\n2,3.3.2026 10:00,2.3.2026 10:00\n3,,\n");
        Assert.Equal(["case_closed 2026-03-02T09:00:00Z BOS-1/closed {}", "case_closed 2026-03-03T09:00:00Z BOS-2/closed {}"], events);
    }
}
