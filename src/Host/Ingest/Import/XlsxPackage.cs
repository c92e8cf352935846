using System.IO.Compression;
using System.Xml;
using DocumentFormat.OpenXml.Packaging;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>A workbook's package, spooled to a file that goes away with it. Its parts are bounded before one is read: a zip of a few kilobytes can unpack to more than any disk holds.</summary>
internal sealed class XlsxPackage : IDisposable
{
    private const long MaxPacked = 256L << 20;
    private const long MaxUnpacked = 4L << 30;
    private const long MaxPlumbing = 4L << 20;
    private const long FreeOfRatio = 16L << 20;
    private const int MaxRatio = 250;
    private const int MaxParts = 10_000;
    private const string Relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string StrictRelationships = "http://purl.oclc.org/ooxml/officeDocument/relationships";

    private readonly FileStream _spool;
    private readonly SpreadsheetDocument _document;

    private XlsxPackage(FileStream spool, SpreadsheetDocument document) => (_spool, _document) = (spool, document);

    public WorkbookPart Workbook => _document.WorkbookPart!;

    /// <exception cref="ImportFileException">It is no workbook, or unpacks to too much.</exception>
    public static XlsxPackage Open(Stream unpacked)
    {
        var spool = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        try
        {
            Spool(unpacked, spool);
            CheckParts(spool);
            spool.Position = 0;
            var document = SpreadsheetDocument.Open(spool, isEditable: false);
            return document.WorkbookPart is null ? throw Unreadable() : new XlsxPackage(spool, document);
        }
        catch (Exception broken) when (broken is OpenXmlPackageException or FormatException or InvalidDataException or XmlException or ArgumentException or InvalidOperationException)
        {
            spool.Dispose();
            throw Unreadable();
        }
        catch
        {
            spool.Dispose();
            throw;
        }
    }

    /// <summary>The sheet of a name, or the first, and whether dates count from 1904.</summary>
    public (WorksheetPart Sheet, bool Date1904) Find(string? name)
    {
        using var xml = GuardedXml.Open(Workbook.GetStream());
        var (date1904, found, sheets) = (false, (WorksheetPart?)null, 0);
        while (GuardedXml.Guarded(xml, xml.Read))
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == "workbookPr")
                date1904 = xml.GetAttribute("date1904") is "1" or "true";
            if (xml.NodeType != XmlNodeType.Element || xml.LocalName != "sheet")
                continue;
            sheets++;
            var id = xml.GetAttribute("id", Relationships) ?? xml.GetAttribute("id", StrictRelationships) ?? "";
            if (found is null && (name is null || xml.GetAttribute("name") == name) && Workbook.TryGetPartById(id, out var part))
                found = part as WorksheetPart;
        }

        return found is not null ? (found, date1904) : throw new ImportFileException(name is null ? "the workbook has no sheet" : $"the workbook has no sheet of the name the mapping gives, among {sheets}; correct xlsx.sheet");
    }

    public void Dispose()
    {
        _document.Dispose();
        _spool.Dispose();
    }

    private static void Spool(Stream from, FileStream to)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            to.Write(buffer, 0, read);
            if (to.Length > MaxPacked)
                throw new ImportFileException("the workbook is larger than 256 MiB; export it as CSV");
        }

        to.Position = 0;
    }

    private static void CheckParts(FileStream spool)
    {
        using var zip = new ZipArchive(spool, ZipArchiveMode.Read, leaveOpen: true);
        var plumbing = zip.Entries.Where(e => e.FullName.EndsWith(".rels", StringComparison.OrdinalIgnoreCase) || e.FullName == "[Content_Types].xml").Sum(e => e.Length);
        if (zip.Entries.Count > MaxParts || plumbing > MaxPlumbing || zip.Entries.Sum(e => e.Length) > MaxUnpacked
            || zip.Entries.Any(e => e.Length > FreeOfRatio && e.Length / MaxRatio > e.CompressedLength))
            throw new ImportFileException("the workbook unpacks to far more than a workbook holds; it is not read. If it is sound, export it as CSV");
    }

    private static ImportFileException Unreadable() => new("the file is no XLSX workbook that can be read; it may be encrypted, of the older XLS format, or cut off");
}
