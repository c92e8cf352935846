using System.IO.Compression;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Tests.Host.Import;

/// <summary>Excel workbooks, made as Excel and others make them.</summary>
public class XlsxTests
{
    private const string Mapping = """
        format: xlsx
        centre: counter
        source: test/desk
        case: 编号
        zone: Asia/Shanghai
        times: [excel]
        xlsx: { sheet: 办件, skip: 1 }
        events:
          - { type: case_closed, each: row, at: 时间, id: closed, data: { via: { from: 方式 }, late: { from: 超期, as: boolean }, fee: { from: 费用, as: number } } }
        """;

    [Fact]
    public void Cells_of_every_kind_are_read_from_the_sheet_that_is_named()
    {
        var (events, rejects) = MappedText.Map(Mapping, Workbook(date1904: false));
        Assert.Empty(rejects);
        Assert.Equal(
            [
                """case_closed 2026-03-02T01:00:00Z 20260001/closed {"via":"窗口","late":true,"fee":12.5}""",
                """case_closed 2026-03-02T01:30:00Z B-2/closed {"via":"网上 办理","late":false}""",
                """case_closed 2026-03-02T01:00:00Z 12345678901/closed {}""",
            ], events);
    }

    [Fact]
    public void Dates_count_from_1904_where_the_workbook_says_so() =>
        Assert.Equal("2030-03-03T01:00:00Z", MappedText.Map(Mapping, Workbook(date1904: true)).Events[0].Split(' ')[1]);

    [Fact]
    public void A_workbook_may_be_packed_once_more()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Workbook(date1904: false));
        Assert.Equal(3, MappedText.Map(Mapping, packed.ToArray()).Events.Count);
    }

    [Fact]
    public void Rejects_name_the_row_of_the_sheet()
    {
        var (_, rejects) = MappedText.Map(Mapping.Replace("as: number", "as: boolean", StringComparison.Ordinal), Workbook(date1904: false));
        Assert.StartsWith("4|费用|data.fee|is not true or false", Assert.Single(rejects), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sheet: 办件", "sheet: 别的", "the workbook has no sheet of the name the mapping gives, among 2")]
    [InlineData("sheet: 办件, skip: 1", "skip: 0", "line 1: the header has no column '编号'")]
    [InlineData("skip: 1", "skip: 900", "the sheet has no header row")]
    public void What_the_workbook_does_not_have_is_told(string right, string wrong, string reason) =>
        Assert.StartsWith(reason, Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping.Replace(right, wrong, StringComparison.Ordinal), Workbook(date1904: false))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_no_workbook_or_cut_off_is_told()
    {
        var whole = Workbook(date1904: false);
        foreach (var broken in (byte[][])[[], "case,at\n"u8.ToArray(), whole[..(whole.Length / 2)], Zip(("a.txt", "a"u8.ToArray()))])
            Assert.StartsWith("the file is no XLSX workbook", Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, broken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_unpacks_to_a_thousand_times_its_size_is_not_unpacked()
    {
        var bomb = Zip(("xl/worksheets/sheet1.xml", new byte[64 << 20]));
        Assert.StartsWith("the workbook unpacks to far more", Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, bomb)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shared_text_that_is_not_there_and_a_cell_beyond_the_sheet_are_told()
    {
        Assert.Contains("row 3: a cell names a shared text that is not there", Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, Workbook(false, Cell("A3", "77", CellValues.SharedString)))).Message, StringComparison.Ordinal);
        Assert.Contains("row 3: has a cell beyond", Assert.Throws<ImportFileException>(() => MappedText.Map(Mapping, Workbook(false, Cell("ZZZZ3", "1")))).Message, StringComparison.Ordinal);
    }

    private static byte[] Workbook(bool date1904, Cell? extra = null)
    {
        using var stream = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(stream, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            var other = workbook.AddNewPart<WorksheetPart>("r1");
            other.Worksheet = new Worksheet(new SheetData(new Row(Cell("A1", "x", CellValues.String))));
            var sheet = workbook.AddNewPart<WorksheetPart>("r2");
            workbook.AddNewPart<SharedStringTablePart>().SharedStringTable = new SharedStringTable(
                new SharedStringItem(new Text("编号")), new SharedStringItem(new Text("窗口")),
                new SharedStringItem(new Run(new Text("网上")), new Run(new Text(" 办理") { Space = SpaceProcessingModeValues.Preserve }), new PhoneticRun(new Text("wǎng")) { BaseTextStartIndex = 0, EndingBaseIndex = 1 }));
            sheet.Worksheet = new Worksheet(new SheetData(
                new Row(Cell("A1", "三月办件", CellValues.String)) { RowIndex = 1 },
                new Row(Cell("A2", "0", CellValues.SharedString), Inline("B2", "时间"), Inline("C2", "方式"), Inline("D2", "超期"), Inline("F2", "费用")) { RowIndex = 2 },
                new Row(extra is null ? [] : [extra]) { RowIndex = 3 },
                new Row(Cell("A4", "20260001"), Cell("B4", "46083.375"), Cell("C4", "1", CellValues.SharedString), Cell("D4", "1", CellValues.Boolean), Cell("E4", "#N/A", CellValues.Error), Cell("F4", "12.5")) { RowIndex = 4 },
                new Row(Cell("A6", "B-2", CellValues.String), Cell("B6", "46083.3958333333"), Cell("C6", "2", CellValues.SharedString), Cell("D6", "0", CellValues.Boolean)) { RowIndex = 6 },
                new Row(Cell("A7", "1.2345678901E10"), Cell("B7", "46083.375")) { RowIndex = 7 }));
            workbook.Workbook = new Workbook(new WorkbookProperties { Date1904 = date1904 }, new Sheets(new Sheet { Name = "封面", SheetId = 1, Id = "r1" }, new Sheet { Name = "办件", SheetId = 2, Id = "r2" }));
        }

        return stream.ToArray();
    }

    private static Cell Cell(string at, string value, CellValues type = CellValues.Number) => new() { CellReference = at, DataType = type, CellValue = new CellValue(value) };

    private static Cell Inline(string at, string text) => new(new InlineString(new Text(text))) { CellReference = at, DataType = CellValues.InlineString };

    private static byte[] Zip(params (string Name, byte[] Content)[] parts)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in parts)
            {
                using var part = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
                part.Write(content);
            }
        }

        return stream.ToArray();
    }
}
