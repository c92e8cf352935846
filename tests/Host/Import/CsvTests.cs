using System.IO.Compression;
using System.Text;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Tests.Host.Import;

/// <summary>CSV as it really comes.</summary>
public class CsvTests
{
    private const string Rules = "events:\n  - { type: case_closed, each: row, at: at, id: closed, data: { via: { from: via } } }\n";
    private const string Mapping = MappedText.Csv + Rules;
    private const string At = "2026-03-02T09:00:00Z";

    [Theory]
    [InlineData("case,at,via\nA,@,x\nB,@,y\n", "A x B y")]
    [InlineData("case,at,via\r\nA,@,x\r\nB,@,y", "A x B y")]
    [InlineData("case,at,via\rA,@,x\rB,@,y\r", "A x B y")]
    [InlineData("\ufeffcase,at,via\nA,@,x\n", "A x")]
    [InlineData("case,at,via\n\nA,@,x\n\n\nB,@,y\n", "A x B y")]
    [InlineData("case,at,via\nA,@,\"x, y\"\nB,@,\"say \"\"no\"\"\"\n", "A x, y B say \"no\"")]
    [InlineData("via,junk,at,case\nx,,@,A\n", "A x")]
    [InlineData("case,at,via,via\nA,@,x,y\n", "A x")]
    [InlineData("case,at,via\nA,@,x,,\n", "A x")]
    [InlineData("case,at,via\n许可-1,@,窗口\n", "许可-1 窗口")]
    public void Rows_are_read(string content, string expected)
    {
        var (events, rejects) = MappedText.Map(Mapping, content.Replace("@", At, StringComparison.Ordinal));
        Assert.Equal(expected, Short(events));
        Assert.Empty(rejects);
    }

    [Fact]
    public void A_quoted_value_may_hold_lines_and_lines_are_counted_as_an_editor_does()
    {
        var (events, rejects) = MappedText.Map(Mapping, $"case,at,via\r\nA,{At},\"one\r\ntwo\"\r\nB,never,x\r\n\rC,never,x\nD,never,x\n");
        Assert.Equal("""case_closed 2026-03-02T09:00:00Z A/closed {"via":"one""", Assert.Single(events).Split('\r')[0]);
        Assert.Equal(["4", "6", "7"], rejects.Select(r => r.Split('|')[0]));
    }

    [Theory]
    [InlineData("", "line 1: the file has no header row")]
    [InlineData("case;at;via\nA;@;x\n", "line 1: the header has no column 'case', 'at', 'via', which the mapping names; it has one column alone, so the delimiter may be another")]
    [InlineData("\n\n", "line 1: the file has no header row")]
    [InlineData("case,via\nA,x\n", "line 1: the header has no column 'at', which the mapping names; it has case, via")]
    [InlineData("case,at,via\nA,@,x\nB,@,\"y\nC,@,z\n", "line 3: a quote is not closed")]
    [InlineData("case,at,via\nA,@,\"", "line 2: a quote is not closed")]
    [InlineData("case,at,via\nA,@,\"x\"\"", "line 2: a quote is not closed")]
    [InlineData("case,at,via\rA,@,\"x\r", "line 2: a quote is not closed")]
    public void A_file_that_cannot_be_read_on_is_told_by_line(string content, string reason) =>
        Assert.StartsWith(reason, Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, content.Replace("@", At, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("张三丰,via\nA,x\n")]
    [InlineData("13800000000,via\nA,x\n")]
    [InlineData("2026-03-02 09:00,via\nA,x\n")]
    public void A_first_row_that_may_be_somebodys_record_is_not_repeated(string content) =>
        Assert.Equal("line 1: the header has no column 'case', 'at', which the mapping names", Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, content)).Message);

    [Theory]
    [InlineData("{\"case\":1}\n", "the file is JSON and not csv; write format: ndjson in the mapping")]
    [InlineData("\ufeff<?xml version=\"1.0\"?>\n<log/>", "the file is XML and not csv; write format: xes in the mapping")]
    [InlineData("PK\u0003\u0004 [Content_Types].xml", "the file is an Excel workbook and not csv; write format: xlsx in the mapping")]
    [InlineData("PK\u0003\u0004 readme.txt", "the file is a zip archive and not csv; unpack it")]
    [InlineData("%PDF-1.7", "the file is a PDF document and not csv; export the table")]
    public void A_file_of_another_format_is_told_by_its_first_bytes(string content, string reason) =>
        Assert.StartsWith(reason, Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, content)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_case_that_is_missing_names_the_columns_it_is_made_of()
    {
        var rejects = MappedText.Map(Mapping.Replace("case: case", "case: \"B-{case}\"", StringComparison.Ordinal), $"case,at,via\n,{At},x\n").Rejects;
        Assert.Equal("2|case|subject|is missing; give the record its case", Assert.Single(rejects));
    }

    [Theory]
    [InlineData("A,@", "has 2 values, fewer than the 3 columns")]
    [InlineData("A,@,x,y", "has 4 values, more than the 3 columns")]
    [InlineData("A,@,say \"no\"", "has a quote inside a value")]
    [InlineData("A,@,\"x\"y", "has a quote inside a value")]
    public void A_row_that_does_not_fit_is_rejected_and_the_next_is_read(string row, string reason)
    {
        var (events, rejects) = MappedText.Map(Mapping, $"case,at,via\n{row}\nB,@,y\n".Replace("@", At, StringComparison.Ordinal));
        Assert.Equal("B y", Short(events));
        Assert.StartsWith($"2||(row)|{reason}", Assert.Single(rejects), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gb18030", "csv: { encoding: gb18030 }\n")]
    [InlineData("windows-1252", "csv: { encoding: windows-1252 }\n")]
    [InlineData("utf-16", "csv: { encoding: utf-16 }\n")]
    [InlineData("utf-8", "csv: { encoding: gb18030 }\n", true)]
    [InlineData("utf-16", "", true)]
    [InlineData("utf-16BE", "", true)]
    public void Any_encoding_is_read_and_a_byte_order_mark_decides(string written, string csv, bool mark = false)
    {
        var encoding = TextEncodings.Find(written)!;
        var word = written == "windows-1252" ? "Bürgerbüro" : "窗口一";
        byte[] bytes = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes($"case,at,via\nA,{At},{word}\n")];
        Assert.Equal($"A {word}", Short(MappedText.Map(MappedText.Csv + csv + Rules, bytes).Events));
    }

    [Fact]
    public void Bytes_that_do_not_decode_are_told_by_line_with_the_remedy_and_what_was_read_before_stands()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes($"case,at,via\nA,{At},x\nB,{At},"), .. TextEncodings.Find("gb18030")!.GetBytes("窗口"), (byte)'\n'];
        var refused = Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, bytes));
        Assert.Equal("line 3: bytes that are no text in this encoding; say in the mapping which one it is, such as csv: { encoding: gb18030 }", refused.Message);
    }

    [Theory]
    [InlineData("\r", "", 3)]
    [InlineData("\r\n", "B,@,", 3)]
    [InlineData("\r", "B,@,\"one\r", 4)]
    [InlineData("\n", "B,@,\"one\ntwo\r\n", 5)]
    public void Bytes_that_do_not_decode_are_told_by_their_own_line_whatever_ends_the_lines(string end, string before, int line)
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes($"case,at,via{end}A,@,x{end}{before}".Replace("@", At, StringComparison.Ordinal)), 0xff, (byte)'\n'];
        Assert.StartsWith($"line {line}: bytes that are no text", Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\r\n")]
    public void Lines_of_every_length_are_counted_wherever_the_parser_reads_on(string end)
    {
        var rows = Enumerable.Range(0, 20_000).Select(i => $"{i},{(i % 500 == 0 ? "never" : At)},\"{new string('y', i % 7)}{(i % 3 == 0 ? end : "")}\"");
        var (events, rejects) = MappedText.Map(Mapping, $"case,at,via{end}{string.Join(end, rows)}");
        Assert.Equal(20_000 - 40, events.Count);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{2 + (i * 500) + (((i * 500) + 2) / 3)}"), rejects.Select(r => r.Split('|')[0]));
    }

    [Fact]
    public void A_blank_may_be_the_delimiter() =>
        Assert.Equal("A x y", Short(MappedText.Map(MappedText.Csv + "csv: { delimiter: \" \" }\n" + Rules, $"case at via\nA {At} \"x y\"\n").Events));

    [Fact]
    public void Another_delimiter_lines_above_the_header_and_a_second_column_of_the_same_name()
    {
        var (events, _) = MappedText.Map(MappedText.Csv + "csv: { delimiter: \"\\t\", skip: 2 }\n" + Rules.Replace("from: via", "from: \"via#2\"", StringComparison.Ordinal), $"Report \"of\nMarch\ncase\tat\tvia\tvia\nA\t{At}\tx\ty\n");
        Assert.Equal("A y", Short(events));
    }

    [Theory]
    [InlineData("", 'y')]
    [InlineData("\"", 'y')]
    [InlineData("", ',')]
    [InlineData("\"", '\n')]
    public void A_row_of_two_megabytes_is_refused_by_its_line(string before, char filler)
    {
        var content = $"case,at,via\nA,{At},x\nB,{At},{before}{new string(filler, 2 << 20)}";
        Assert.StartsWith("line 3: the row is larger than 1 MiB", Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, content)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_a_million_characters_is_read_and_one_more_is_too_many()
    {
        var row = $"A,{At},x,";
        var filler = new string('y', RecordFile.MaxRow - row.Length);
        Assert.Equal("A x B y", Short(MappedText.Map(Mapping, $"case,at,via,junk\n{row}{filler}\nB,{At},y,\n").Events));
        Assert.StartsWith("line 2: the row is larger", Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, $"case,at,via,junk\n{row}{filler}y\nB,{At},y,\n")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_stray_quotes_alone_is_rejected_in_no_time()
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var (events, rejects) = MappedText.Map(Mapping, $"case,at,via\nA,{At}{string.Concat(Enumerable.Repeat(",a\"b", 250_000))}\nB,{At},y\n");
        Assert.Equal("B y", Short(events));
        Assert.StartsWith("2||(row)|has a quote inside a value", Assert.Single(rejects), StringComparison.Ordinal);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 20);
    }

    [Fact]
    public void A_gzip_of_a_thousand_times_its_size_is_read_no_further_than_a_row()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("case,at,via\nA,"u8);
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 200; i++)
                gzip.Write(zeros);
        }

        bomb.Position = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith("line 2: the row is larger", Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, bomb)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Fact]
    public void A_gzip_that_is_cut_off_is_told_apart()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes("case,at,via\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"{i},{At},{i * 7919 % 1000}\n"))));
        var cut = Assert.ThrowsAny<Exception>(() => MappedText.Map(Mapping, packed.ToArray()[..(int)(packed.Length / 2)]));
        Assert.True(ImportFile.IsBroken(cut));
    }

    private static string Short(IEnumerable<string> events) => string.Join(' ', events.Select(e =>
    {
        var parts = e.Split(' ', 4);
        return $"{parts[2].Split('/')[0]} {parts[3][8..^2]}";
    }));
}
