using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using SlaMonitor.Domain.Catalogues;
using SlaMonitor.Host.Catalogues;
using SlaMonitor.Host.Ingest.Import;
using SlaMonitor.Host.Ingest.Import.Suggestions;
using Xunit.Abstractions;

namespace SlaMonitor.Tests.Host;

/// <summary><c>sla mapping suggest</c>: what it prints is a mapping, and the records of the file it was printed for become events by it.</summary>
public class MappingSuggestionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("boston311-2015-h1.csv.gz", "case_id", "case_received open_dt, case_decided closed_dt", 58_119)]
    [InlineData("servicenow-incidents-odd.csv.gz", "number", "case_received opened_at, case_decided resolved_at, case_closed closed_at, case_stage_entered sys_updated_at", 12_480)]
    [InlineData("citizen-messages-cn.csv.gz", "id", "case_received received_at, case_decided replied_at", 2_816)]
    [InlineData("permit-receipt-nl.csv.gz", "case:concept:name", "case_received case:startdate, case_decided case:enddate, case_stage_entered time:timestamp", 1_434)]
    [InlineData("permit-receipt-nl.xes.gz", "concept:name", "case_received startdate, case_decided enddate, case_stage_entered time:timestamp", 1_434)]
    [InlineData("volvo-incidents-2013.xes.gz", "concept:name", "case_received time:timestamp, case_special_procedure_started time:timestamp, case_decided time:timestamp, case_closed time:timestamp, case_reopened time:timestamp", 7_554)]
    [InlineData("loan-applications-2012.xes.gz", "concept:name", "case_received REG_DATE, case_stage_entered time:timestamp, case_decided time:timestamp, case_withdrawn time:timestamp", 13_087)]
    public void Of_a_real_log_case_times_and_events_are_found_and_no_record_is_rejected(string file, string key, string events, int cases)
    {
        if (!SharedFolder.IsThere(output.WriteLine))
            return;
        var (text, mapping) = Suggest(SharedFolder.PathOf("data", file));
        output.WriteLine(text);
        Assert.Equal(key, mapping.Case.Text);
        foreach (var wanted in events.Split(", "))
            Assert.Contains(wanted, mapping.Rules.Select(r => $"{r.Type} {mapping.Attributes.Names[r.At.Of[0]]}"));
        var (made, faults) = DryRun(SharedFolder.PathOf("data", file), mapping);
        Assert.Empty(faults);
        Assert.Equal(cases, made["case_received"]);
    }

    [Fact]
    public void A_Chinese_export_in_GB18030_with_a_title_and_an_ambiguous_date_is_understood()
    {
        var file = Write("办件.csv", "gb18030", """
            政务服务中心办件明细;;;;;;;
            办件编号;事项名称;申请人姓名;联系电话;收件时间;受理时间;承诺办结时间;办结时间;办理状态
            """, i => $"370100{i:00000};{(i % 3 == 0 ? "食品经营许可" : "营业执照")};{(i % 2 == 0 ? "王小明" : "李四")};1380013{i:0000};2026年3月{1 + (i % 28)}日 9:05;2026年3月{1 + (i % 28)}日 14:30;2026年4月{1 + (i % 28)}日 18:00;{(i % 5 == 0 ? "-" : $"2026年3月{1 + (i % 28)}日 16:00")};{(i % 7 == 0 ? "已撤回" : "已办结")}");
        var (text, mapping) = Suggest(file);
        output.WriteLine(text);
        Assert.Contains("encoding: gb18030, delimiter: \";\", skip: 1", text, StringComparison.Ordinal);
        Assert.Contains("zone: Asia/Shanghai", text, StringComparison.Ordinal);
        Assert.Contains("absent: [\"-\"]", text, StringComparison.Ordinal);
        Assert.Equal("办件编号", mapping.Case.Text);
        Assert.Equal(["case_received 收件时间", "case_accepted 受理时间", "case_decided 办结时间", "case_withdrawn 办结时间"], mapping.Rules.Select(r => $"{r.Type} {mapping.Attributes.Names[r.At.Of[0]]}"));
        Assert.Contains("deadline: { from: 承诺办结时间, as: time }", text, StringComparison.Ordinal);
        // Items are codes; persons and their numbers are nobody's business.
        Assert.Contains("食品经营许可: 食品经营许可", text, StringComparison.Ordinal);
        Assert.Contains("Left out, as about persons or free text: 申请人姓名, 联系电话", text, StringComparison.Ordinal);
        Assert.All((string[])["王小明", "李四", "1380013"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        var (made, faults) = DryRun(file, mapping);
        Assert.Empty(faults);
        Assert.Equal(200, made["case_received"]);
        Assert.Equal(160, made["case_decided"] + made["case_withdrawn"]);
    }

    [Theory]
    [InlineData("办结时间", "", "case_decided 办结时间", "outcome: { value: approved }  # CHECK")]
    [InlineData("closed_at", "", "case_decided closed_at", "outcome: { value: approved }  # CHECK")]
    [InlineData("resolved_at", "closed_at", "case_decided resolved_at, case_closed closed_at", "outcome: { value: resolved }  # CHECK")]
    [InlineData("决定时间", "办结时间", "case_decided 决定时间, case_closed 办结时间", "outcome: { value: approved }  # CHECK")]
    [InlineData("办结时间", "归档时间", "case_decided 办结时间, case_closed 归档时间", "outcome: { value: approved }  # CHECK")]
    [InlineData("答复时间", "办结时间", "case_decided 答复时间, case_closed 办结时间", "outcome: { value: answered }  # CHECK")]
    public void An_end_that_stands_alone_is_the_decision_at_which_promises_stop(string one, string other, string ends, string outcome)
    {
        var file = Write("ends.csv", "utf-8", $"编号,收件时间,{one}{(other.Length > 0 ? $",{other}" : "")}", i => $"B-{i},2026-03-02 09:00,2026-03-04 09:00{(other.Length > 0 ? ",2026-03-05 09:00" : "")}");
        var (text, mapping) = Suggest(file);
        Assert.Equal(ends.Split(", "), mapping.Rules.Skip(1).Select(r => $"{r.Type} {mapping.Attributes.Names[r.At.Of[0]]}"));
        Assert.Contains(outcome, text, StringComparison.Ordinal);
        Assert.Contains("# Which events start and stop clocks is the catalogue's to say", text, StringComparison.Ordinal);
        Assert.Empty(DryRun(file, mapping).Faults);
    }

    [Fact]
    public void An_acceptance_that_stands_in_for_the_receipt_is_not_told_twice()
    {
        var file = Write("accepted.csv", "utf-8", "编号,受理时间,办结时间", i => $"B-{i},2026-03-02 09:00,2026-03-04 09:00");
        var (text, mapping) = Suggest(file);
        Assert.Equal(["case_received 受理时间", "case_decided 办结时间"], mapping.Rules.Select(r => $"{r.Type} {mapping.Attributes.Names[r.At.Of[0]]}"));
        Assert.Contains("CHECK: promises that start at case_accepted begin only where", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_items_and_windows_become_the_codes_of_a_catalogue_that_is_known()
    {
        var hall = CatalogueFiles.Read(Path.Combine(CatalogueFiles.Folder, "service-hall.yaml")).Catalogue;
        string[] names = ["食品经营许可", "Ordinary passport", "护士执业注册证", "完全不同之事"];
        var file = Write("items.csv", "utf-8", "编号,收件时间,事项名称,窗口", i => $"B-{i},2026-03-02 09:00,{names[i % 4]},卫生健康窗口");
        var text = Suggest(file, hall).Text;
        Assert.Contains("食品经营许可: \"food-business-licence\"", text, StringComparison.Ordinal);
        Assert.Contains("Ordinary passport: passport", text, StringComparison.Ordinal);
        Assert.Contains("护士执业注册证: \"nurse-registration\"", text, StringComparison.Ordinal);
        Assert.Contains("完全不同之事: \"FILL-IN\"", text, StringComparison.Ordinal);
        Assert.Contains("CHECK, as no item bears quite that name: 完全不同之事, 护士执业注册证", text, StringComparison.Ordinal);
        Assert.Contains("window: { from: 窗口, map: { 卫生健康窗口: W2 } }", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_states_that_tell_one_kind_of_end_that_is_the_decision()
    {
        var file = Write("states.csv", "utf-8", "case,n,timestamp,state", i => $"C-{i / 2},{i},2026-03-02 0{1 + (i % 2)}:00,{(i % 2 == 0 ? "New" : "Closed")}");
        Assert.Equal(["case_received", "case_stage_entered", "case_decided", "case_reopened"], Suggest(file).Mapping.Rules.Select(r => r.Type));
    }

    [Theory]
    [InlineData("d/M/uuuu HH:mm", "03/04/2026 08:00", "25/04/2026 08:00", false)]
    [InlineData("M/d/uuuu HH:mm", "03/04/2026 08:00", "04/25/2026 08:00", false)]
    [InlineData("d/M/uuuu HH:mm", "03/04/2026 08:00", "04/05/2026 08:00", true)]
    [InlineData("uuuu/M/d H:mm", "2026/3/4 8:00", "2026/11/4 18:00", false)]
    public void Day_and_month_are_told_apart_by_the_values_and_else_it_is_said(string pattern, string one, string other, bool unclear)
    {
        var file = Write("tickets.csv", "utf-8", "ticket_id,opened_at,type", i => $"T-{i},{(i % 2 == 0 ? one : other)},lamp");
        var (text, mapping) = Suggest(file);
        Assert.Contains($"times: [\"{pattern}\"]", text, StringComparison.Ordinal);
        Assert.Equal(unclear, text.Contains("CHECK whether day or month comes first in opened_at", StringComparison.Ordinal));
        Assert.Empty(DryRun(file, mapping).Faults);
    }

    [Fact]
    public void Western_letters_are_not_taken_for_Chinese_ones()
    {
        var file = Write("anträge.csv", "windows-1252", "Case ID,Opened at,Status,Größe", i => $"{i},2026-03-0{1 + (i % 9)} 08:00,{(i % 2 == 0 ? "geschlossen" : "geöffnet")},groß");
        Assert.Contains("encoding: windows-1252", Suggest(file).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_header_is_refused_and_nothing_of_it_is_said()
    {
        var file = Write("people.csv", "utf-8", null, i => $"王小明,1380013{i:0000},2026-03-01 08:00");
        var refused = Assert.Throws<ImportFileException>(() => Suggest(file)).Message;
        Assert.StartsWith("line 1: looks like a record", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("王小明", refused, StringComparison.Ordinal);
        File.WriteAllBytes(file, [0x80, 0, 1, 2, 0x0A, 3]);
        Assert.StartsWith("the file holds bytes that are in no text", Assert.Throws<ImportFileException>(() => Suggest(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_JSON_give_paths()
    {
        var file = Write("issues.ndjson", "utf-8", null, i => $$$"""{"key":"OPS-{{{i}}}","fields":{"created":"2026-03-0{{{1 + (i % 9)}}}T08:00:00+01:00","status":{"name":"{{{(i % 2 == 0 ? "Done" : "To Do")}}}"},"assignee":{"emailAddress":"somebody{{{i}}}@example.org"},"priority":{"name":"High"} } }""");
        var (text, mapping) = Suggest(file);
        output.WriteLine(text);
        Assert.Equal((SourceFormat.Ndjson, "key"), (mapping.Format, mapping.Case.Text));
        Assert.Contains("at: fields.created", text, StringComparison.Ordinal);
        Assert.Contains("priority: { from: fields.priority.name }", text, StringComparison.Ordinal);
        Assert.DoesNotContain("somebody", text, StringComparison.Ordinal);
        Assert.Empty(DryRun(file, mapping).Faults);
    }

    [Fact]
    public void A_workbook_gives_its_header_and_its_dates()
    {
        var file = Path.Combine(TestFolders.New(), "办件.xlsx");
        using (var document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            var rows = Enumerable.Range(0, 50).Select(i => Row(string.Create(CultureInfo.InvariantCulture, $"BJ-{i}"), string.Create(CultureInfo.InvariantCulture, $"{46_083 + i}.375"), i % 2 == 0 ? "综合窗口" : "医保窗口"));
            workbook.AddNewPart<WorksheetPart>("r1").Worksheet = new Worksheet(new SheetData([Row("三月办件"), Row("受理号", "收件时间", "窗口"), .. rows]));
            workbook.Workbook = new Workbook(new Sheets(new Sheet { Name = "办件", SheetId = 1, Id = "r1" }));
        }

        var (text, mapping) = Suggest(file);
        output.WriteLine(text);
        Assert.Equal((SourceFormat.Xlsx, "受理号", 1), (mapping.Format, mapping.Case.Text, mapping.Xlsx.Skip));
        Assert.Contains("times: [excel]", text, StringComparison.Ordinal);
        Assert.Contains("window: { from: 窗口, map: { 医保窗口: 医保窗口, 综合窗口: 综合窗口 } }", text, StringComparison.Ordinal);
        var (made, faults) = DryRun(file, mapping);
        Assert.Empty(faults);
        Assert.Equal(50, made["case_received"]);
    }

    private static Row Row(params string[] values) => new(values.Select(v => new Cell(new InlineString(new Text(v))) { DataType = CellValues.InlineString }));

    private static (string Text, Mapping Mapping) Suggest(string file, Catalogue? known = null)
    {
        var text = MappingText.Write(new Suggestion(Sample.Read(file)), file, "centre", "source", known);
        var mapping = Path.Combine(Directory.CreateTempSubdirectory("sla-mapping-").FullName, "mapping.yaml");
        // What a suggestion cannot know somebody fills in before it is used.
        File.WriteAllText(mapping, text.Replace("FILL-IN", "filled-in", StringComparison.Ordinal));
        try
        {
            return (text, Mapping.ReadFile(mapping));
        }
        finally
        {
            Directory.GetParent(mapping)!.Delete(recursive: true);
        }
    }

    /// <summary>Maps every record and stores none.</summary>
    private static (Dictionary<string, int> Made, List<RecordFault> Faults) DryRun(string file, Mapping mapping)
    {
        var (made, faults, mapper) = (new Dictionary<string, int>(), new List<RecordFault>(), new RecordMapper(mapping));
        using var unpacked = PackedFile.Open(File.OpenRead(file));
        foreach (var record in RecordFile.Read(unpacked, mapping))
        {
            foreach (var (_, reported) in mapper.Map(record, faults))
                made[reported.Type] = made.GetValueOrDefault(reported.Type) + 1;
        }

        return (made, faults);
    }

    private static string Write(string name, string encoding, string? header, Func<int, string> row)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var file = Path.Combine(TestFolders.New(), name);
        File.WriteAllLines(file, [.. header is null ? [] : header.Split('\n'), .. Enumerable.Range(0, 200).Select(row)], encoding == "utf-8" ? new UTF8Encoding(false) : Encoding.GetEncoding(encoding));
        return file;
    }
}
