using System.Globalization;
using CsvHelper;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>
/// What an import could not use: line, column of the source, field of the event and reason as CSV in a file beside the input.
/// Values are not repeated there, as they may be personal data. The file is made with the first reject; an old one is replaced.
/// </summary>
internal sealed class Rejects(string path) : IDisposable
{
    private readonly Lock _writing = new();
    private CsvWriter? _csv;

    /// <summary>Where the file is, if there are any.</summary>
    public string Path { get; } = path;

    /// <summary>Records with faults so far.</summary>
    public long Count { get; private set; }

    /// <summary>Notes what is wrong with a record; nothing when nothing is. Reading and appending both find faults.</summary>
    public void Add(long line, params IReadOnlyList<RecordFault> faults)
    {
        if (faults.Count == 0)
            return;
        lock (_writing)
        {
            Count++;
            _csv ??= Create();
            foreach (var fault in faults)
            {
                _csv.WriteField(line);
                _csv.WriteField(fault.Column);
                _csv.WriteField(fault.Field);
                _csv.WriteField(fault.Reason);
                _csv.NextRecord();
            }
        }
    }

    public void Dispose() => _csv?.Dispose();

    private CsvWriter Create()
    {
        var csv = new CsvWriter(new StreamWriter(Path), CultureInfo.InvariantCulture);
        foreach (var column in (string[])["line", "column", "field", "reason"])
            csv.WriteField(column);
        csv.NextRecord();
        return csv;
    }
}
