using SlaMonitor.EventStore;

namespace SlaMonitor.Host.Ingest.Import;

/// <summary>An event of a file that may enter the log.</summary>
/// <param name="Line">The line of its record.</param>
/// <param name="Centre">Whose log it goes to.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Event">As the store takes it.</param>
/// <param name="Rule">The rule that made it; null: it stood in the file as it is.</param>
internal readonly record struct CheckedEvent(long Line, string Centre, string Source, EventToAppend Event, MappingRule? Rule);

/// <summary>Told of each record that cannot be used: its line, what is wrong, and the record itself where there is one.</summary>
internal delegate void RejectRecord(long line, IReadOnlyList<RecordFault> faults, ImportRecord? record);

/// <summary>How an import stands.</summary>
internal sealed class ImportTally
{
    public long Records { get; set; }

    public long Appended { get; set; }

    public long Duplicates { get; set; }
}
