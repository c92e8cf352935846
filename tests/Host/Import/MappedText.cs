using System.Text;
using SlaMonitor.Domain;
using SlaMonitor.Host.Ingest.Import;

namespace SlaMonitor.Tests.Host.Import;

/// <summary>Maps a file as an import would, without a store: each event and each reject as a line.</summary>
internal static class MappedText
{
    /// <summary>The first lines of a mapping of CSV whose cases are in the column <c>case</c>.</summary>
    public const string Csv = "format: csv\ncentre: counter\nsource: test/desk\ncase: case\n";

    public static (IReadOnlyList<string> Events, IReadOnlyList<string> Rejects) Map(string mapping, string content) => Map(mapping, Encoding.UTF8.GetBytes(content));

    public static (IReadOnlyList<string> Events, IReadOnlyList<string> Rejects) Map(string mapping, byte[] content) => Map(mapping, new MemoryStream(content));

    public static (IReadOnlyList<string> Events, IReadOnlyList<string> Rejects) Map(string mapping, Stream content)
    {
        var read = Read(mapping).Mapping;
        var (mapper, events, rejects) = (new RecordMapper(read), new List<string>(), new List<string>());
        using var unpacked = PackedFile.Open(content);
        foreach (var record in RecordFile.Read(unpacked, read))
        {
            List<RecordFault> faults = [];
            events.AddRange(mapper.Map(record, faults).Select(e => Line(e.Reported)));
            rejects.AddRange(faults.Select(f => $"{record.Line}|{f.Column}|{f.Field}|{f.Reason}"));
        }

        return (events, rejects);
    }

    public static MappingFile Read(string mapping)
    {
        var folder = Directory.CreateTempSubdirectory("sla-mapping-");
        try
        {
            var file = Path.Combine(folder.FullName, "m.yaml");
            File.WriteAllText(file, mapping);
            return MappingFile.Read(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Line(ReportedEvent reported) =>
        $"{reported.Type} {Timestamps.Format(reported.OccurredAt)} {reported.SenderId}{(reported.Sequence is { } sequence ? $" #{sequence}" : "")} {System.Text.RegularExpressions.Regex.Unescape(reported.Data.GetRawText())}";
}
